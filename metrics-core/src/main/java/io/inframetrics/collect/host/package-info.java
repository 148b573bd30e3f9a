/**
 * This machine: processor, memory, disks and network interfaces, through <a
 * href="https://github.com/oshi/oshi">OSHI</a>, an optional dependency ({@code
 * com.github.oshi:oshi-core}) that is loaded only when this source is used. {@link
 * io.inframetrics.collect.host.HostSampler} keeps readings, its collectors report them:
 *
 * <pre>{@code
 * try (HostSampler host = HostSampler.builder(Clock.systemUTC()).build()) {
 *   host.start(Duration.ofSeconds(10));
 *   CollectorRegistry registry = CollectorRegistry.of(host.collectors());
 *   ...
 * }
 * }</pre>
 *
 * <p>A program that runs once reads twice, at least a second apart, before its run: {@code
 * host.sample()}. If it does neither, its collectors read when they are called, which takes them a
 * second. {@link io.inframetrics.collect.host.HostCollectorFactory} makes the collectors from
 * settings, as the source {@code host}.
 *
 * <p>What is reported:
 *
 * <ul>
 *   <li>{@code cpu_utilization}, percent of the time of all processors that was spent working since
 *       the reading before
 *   <li>{@code memory_usage}, percent that dropping caches would not free; ZFS's cache (the ARC) is
 *       one of them
 *   <li>{@code disk_usage}, percent as in {@code df}, of every local disk, by the dimension {@code
 *       device}, its mount point. Pseudo file systems, images, bind mounts and network shares are
 *       left out
 *   <li>{@code network_traffic}, megabits a second in both directions together since the reading
 *       before, of every real interface, by the dimension {@code interface}. In a container that is
 *       {@code eth0}, or {@code tap0} if it is rootless; on a machine without a network it is the
 *       loopback interface, so that the type is never empty. Of interfaces that pass on each
 *       other's bytes, one is reported
 * </ul>
 *
 * <p>The instance id is the machine's name. A machine without one (or called {@code localhost}) is
 * {@code machine-} and a hash of its machine id, so that the series of several such machines do not
 * merge. Machines that were copied with their machine id need a name, or the setting {@code
 * instance_id}.
 *
 * <p>In a container, processor and memory are percentages of what its control groups (version 2)
 * allow, where that is less than the machine has: of a quota of half a processor, or of a limit of
 * 512 MB. Version 1 is not read: there, the machine is reported as a whole.
 */
@NullMarked
package io.inframetrics.collect.host;

import org.jspecify.annotations.NullMarked;
