package io.inframetrics.collect.host;

import io.inframetrics.collect.host.MachineProbe.CpuCounters;
import io.inframetrics.collect.host.MachineProbe.DiskState;
import io.inframetrics.collect.host.MachineProbe.InterfaceCounters;
import io.inframetrics.collect.host.MachineProbe.MemoryState;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The four meters of a machine. */
final class Meters {

  private static final String DEVICE = "device";
  private static final String INTERFACE = "interface";

  /** Bits of a byte, divided by bits of a megabit and multiplied by nanoseconds of a second. */
  private static final double MEGABITS_PER_SECOND_OF_BYTES_PER_NANO = 8e3;

  private Meters() {}

  /** All of them, in the order of {@link MetricType#builtIn()}. */
  static List<Meter<?>> of(MachineProbe probe, String instanceId, LongSupplier nanoTicker) {
    return List.of(
        new Cpu(probe, Series.of(MetricType.CPU_UTILIZATION, instanceId)),
        new Memory(probe, Series.of(MetricType.MEMORY_USAGE, instanceId)),
        new Disks(probe, instanceId),
        new Network(probe, instanceId, nanoTicker));
  }

  private static double percent(double part, double whole) {
    return Math.max(0, Math.min(100, 100 * part / whole));
  }

  private record Cpu(MachineProbe probe, Series series) implements Meter<CpuCounters> {

    @Override
    public MetricType type() {
      return MetricType.CPU_UTILIZATION;
    }

    @Override
    public MetricUnit unit() {
      return MetricUnit.PERCENT;
    }

    @Override
    public String what() {
      return "processor times";
    }

    @Override
    public CpuCounters read() throws IOException {
      return probe.cpu();
    }

    @Override
    public Optional<List<Sample>> of(CpuCounters reading) {
      return Optional.empty();
    }

    @Override
    public List<Sample> between(CpuCounters before, CpuCounters now) {
      double busy = now.busy() - before.busy();
      double capacity = now.capacity() - before.capacity();
      // Counters that fell were reset; another source means that the limit was changed.
      if (!now.source().equals(before.source()) || busy < 0 || capacity <= 0) {
        return List.of();
      }
      return List.of(new Sample(series, percent(busy, capacity)));
    }
  }

  private record Memory(MachineProbe probe, Series series) implements Meter<MemoryState> {

    @Override
    public MetricType type() {
      return MetricType.MEMORY_USAGE;
    }

    @Override
    public MetricUnit unit() {
      return MetricUnit.PERCENT;
    }

    @Override
    public String what() {
      return "memory use";
    }

    @Override
    public MemoryState read() throws IOException {
      return probe.memory();
    }

    @Override
    public Optional<List<Sample>> of(MemoryState reading) {
      return Optional.of(
          List.of(
              new Sample(
                  series, percent((double) reading.usedBytes(), (double) reading.limitBytes()))));
    }

    @Override
    public List<Sample> between(MemoryState before, MemoryState now) {
      return of(now).orElseThrow();
    }
  }

  private record Disks(MachineProbe probe, String instanceId) implements Meter<List<DiskState>> {

    @Override
    public MetricType type() {
      return MetricType.DISK_USAGE;
    }

    @Override
    public MetricUnit unit() {
      return MetricUnit.PERCENT;
    }

    @Override
    public String what() {
      return "disks";
    }

    @Override
    public List<DiskState> read() throws IOException {
      return probe.disks();
    }

    @Override
    public Optional<List<Sample>> of(List<DiskState> reading) {
      return Optional.of(reading.stream().map(this::sample).toList());
    }

    @Override
    public List<Sample> between(List<DiskState> before, List<DiskState> now) {
      return of(now).orElseThrow();
    }

    /** As {@code df} has it: what is kept for the system counts neither as used nor as free. */
    private Sample sample(DiskState disk) {
      double used = disk.usedBytes();
      return new Sample(
          Series.of(type(), instanceId, Map.of(DEVICE, disk.mount())),
          percent(used, used + disk.availableBytes()));
    }
  }

  /** All interfaces at one moment, by name. */
  private record Traffic(long nanos, Map<String, InterfaceCounters> interfaces) {}

  private record Network(MachineProbe probe, String instanceId, LongSupplier nanoTicker)
      implements Meter<Traffic> {

    @Override
    public MetricType type() {
      return MetricType.NETWORK_TRAFFIC;
    }

    @Override
    public MetricUnit unit() {
      return MetricUnit.MEGABITS_PER_SECOND;
    }

    @Override
    public String what() {
      return "network interfaces";
    }

    @Override
    public Traffic read() throws IOException {
      List<InterfaceCounters> counters = probe.interfaces();
      return new Traffic(
          nanoTicker.getAsLong(),
          counters.stream()
              .collect(Collectors.toMap(InterfaceCounters::name, Function.identity())));
    }

    @Override
    public Optional<List<Sample>> of(Traffic reading) {
      return Optional.empty();
    }

    @Override
    public List<Sample> between(Traffic before, Traffic now) {
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
        // A counter that fell was reset; nobody knows what passed before.
        if (received >= 0 && sent >= 0) {
          double bytes = (double) received + sent;
          samples.add(
              new Sample(
                  Series.of(type(), instanceId, Map.of(INTERFACE, name)),
                  bytes / nanos * MEGABITS_PER_SECOND_OF_BYTES_PER_NANO));
        }
      }
      return samples;
    }
  }
}
