package io.inframetrics.collect.host;

import io.inframetrics.collect.host.MachineProbe.CpuCounters;
import io.inframetrics.collect.host.MachineProbe.DiskState;
import io.inframetrics.collect.host.MachineProbe.InterfaceCounters;
import io.inframetrics.collect.host.Meter.Sample;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

final class Meters {

  private static final String DEVICE = "device";
  private static final String INTERFACE = "interface";

  /** Bits of a byte, divided by bits of a megabit and multiplied by nanoseconds of a second. */
  private static final double MEGABITS_PER_SECOND_OF_BYTES_PER_NANO = 8e3;

  private Meters() {}

  /** The meters of a machine, in the order of {@link MetricType#builtIn()}. */
  static List<Meter<?>> of(MachineProbe probe, String instanceId) {
    Series cpu = Series.of(MetricType.CPU_UTILIZATION, instanceId);
    Series memory = Series.of(MetricType.MEMORY_USAGE, instanceId);
    return List.of(
        new Meter<>(
            MetricType.CPU_UTILIZATION,
            MetricUnit.PERCENT,
            "processor times",
            probe::cpu,
            null,
            (before, now) -> busy(cpu, before, now)),
        Meter.ofLevels(
            MetricType.MEMORY_USAGE,
            "memory use",
            probe::memory,
            state ->
                List.of(
                    new Sample(
                        memory, percent((double) state.usedBytes(), (double) state.limitBytes())))),
        Meter.ofLevels(
            MetricType.DISK_USAGE,
            "disks",
            probe::disks,
            disks -> disks.stream().map(disk -> used(instanceId, disk)).toList()),
        new Meter<>(
            MetricType.NETWORK_TRAFFIC,
            MetricUnit.MEGABITS_PER_SECOND,
            "network interfaces",
            () -> Traffic.of(probe.interfaces(), probe.nanoTime()),
            null,
            (before, now) -> rates(instanceId, before, now)));
  }

  private static double percent(double part, double whole) {
    return Math.max(0, Math.min(100, 100 * part / whole));
  }

  private static List<Sample> busy(Series series, CpuCounters before, CpuCounters now) {
    double busy = now.busy() - before.busy();
    double capacity = now.capacity() - before.capacity();
    // Counters that fell were reset; another source means that the limit was changed.
    if (!now.source().equals(before.source()) || busy < 0 || capacity <= 0) {
      return List.of();
    }
    return List.of(new Sample(series, percent(busy, capacity)));
  }

  /** Like {@code df}: what is reserved for the system counts neither as used nor as free. */
  private static Sample used(String instanceId, DiskState disk) {
    double used = disk.usedBytes();
    return new Sample(
        Series.of(MetricType.DISK_USAGE, instanceId, Map.of(DEVICE, disk.mount())),
        percent(used, used + disk.availableBytes()));
  }

  private static List<Sample> rates(String instanceId, Traffic before, Traffic now) {
    long nanos = now.nanos() - before.nanos();
    List<Sample> samples = new ArrayList<>();
    for (String name : now.interfaces().keySet().stream().sorted().toList()) {
      InterfaceCounters newer = now.interfaces().get(name);
      InterfaceCounters older = before.interfaces().get(name);
      if (newer == null || older == null || nanos <= 0) {
        continue;
      }
      long received = newer.receivedBytes() - older.receivedBytes();
      long sent = newer.sentBytes() - older.sentBytes();
      // A counter that fell was reset; the traffic before the reset is unknown.
      if (received >= 0 && sent >= 0) {
        double bytes = (double) received + sent;
        samples.add(
            new Sample(
                Series.of(MetricType.NETWORK_TRAFFIC, instanceId, Map.of(INTERFACE, name)),
                bytes / nanos * MEGABITS_PER_SECOND_OF_BYTES_PER_NANO));
      }
    }
    return samples;
  }

  private record Traffic(long nanos, Map<String, InterfaceCounters> interfaces) {

    /** The counters by interface, read just before {@code nanos}. */
    static Traffic of(List<InterfaceCounters> counters, long nanos) {
      return new Traffic(
          nanos,
          counters.stream()
              .collect(Collectors.toMap(InterfaceCounters::name, Function.identity())));
    }
  }
}
