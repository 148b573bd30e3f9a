package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.prometheus.LabelMatcher.Kind;
import io.inframetrics.collect.prometheus.Rule.Term;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The four built-in types, from what the Prometheus node exporter publishes (versions from 0.16
 * on), with the same meaning as from the source {@code host}.
 */
final class NodeExporter {

  /** Negative where the kernel does not know the speed: -1 megabit, in bytes -125000. */
  static final String SPEED = "node_network_speed_bytes";

  /** File systems that live in memory, are read-only images, layers, or network shares. */
  private static final String NOT_A_DISK =
      "cramfs|devtmpfs|erofs|iso9660|overlay|ramfs|rootfs|squashfs|tmpfs|udf|fuse\\..*";

  /**
   * Interfaces whose bytes pass through another one too, or that never leave the machine. The
   * exporter does not say what an interface is, so its name must do.
   */
  private static final String NOT_A_CARD =
      "lo|lo0|.*[.@].*|(anpi|ap1|awdl|bond|br-|bridge|br[0-9]|cali|cilium|cni|docker|dummy|flannel|"
          + "geneve|gif|gre|gretap|ifb|ip6tnl|kube|llw|lxc|lxdbr|nodelocaldns|ovs|podman|sit|stf|"
          + "tap|team|tun|utun|veth|virbr|vlan|vmnet|vnet|vxlan|wg).*";

  private static final double MEGABITS_OF_A_BYTE = 8e-6;

  private NodeExporter() {}

  /** The rules, in the order of {@link MetricType#builtIn()}. */
  static List<Rule> rules() {
    return List.of(cpu(), memory(), disks(), network());
  }

  /**
   * Busy is all but idle and waiting for disks. Guests' time is part of the mode "user"; the metric
   * that has it again is not read.
   */
  private static Rule cpu() {
    String metric = "node_cpu_seconds_total";
    return new Rule(
        MetricType.CPU_UTILIZATION,
        MetricUnit.PERCENT,
        List.of(
            new Term(metric, List.of(LabelMatcher.of("mode", Kind.MATCHES, "idle|iowait")), true),
            new Term(metric, List.of(), true)),
        Optional.of(Map.of()),
        Optional.empty(),
        terms -> percent(terms[1] - terms[0], terms[1]));
  }

  private static Rule memory() {
    return new Rule(
        MetricType.MEMORY_USAGE,
        MetricUnit.PERCENT,
        List.of(gauge("node_memory_MemAvailable_bytes"), gauge("node_memory_MemTotal_bytes")),
        Optional.of(Map.of()),
        Optional.empty(),
        terms -> percent(terms[1] - terms[0], terms[1]));
  }

  /** Like {@code df}: what is reserved for the system counts neither as used nor as free. */
  private static Rule disks() {
    List<LabelMatcher> disks = List.of(LabelMatcher.of("fstype", Kind.DOES_NOT_MATCH, NOT_A_DISK));
    return new Rule(
        MetricType.DISK_USAGE,
        MetricUnit.PERCENT,
        List.of(
            new Term("node_filesystem_size_bytes", disks, false),
            new Term("node_filesystem_free_bytes", disks, false),
            new Term("node_filesystem_avail_bytes", disks, false)),
        Optional.of(Map.of("mountpoint", "device")),
        Optional.of("device"),
        terms -> {
          double used = terms[0] - terms[1];
          return percent(used, used + terms[2]);
        });
  }

  private static Rule network() {
    List<LabelMatcher> cards = List.of(LabelMatcher.of("device", Kind.DOES_NOT_MATCH, NOT_A_CARD));
    return new Rule(
        MetricType.NETWORK_TRAFFIC,
        MetricUnit.MEGABITS_PER_SECOND,
        List.of(
            new Term("node_network_receive_bytes_total", cards, true),
            new Term("node_network_transmit_bytes_total", cards, true)),
        Optional.of(Map.of("device", "interface")),
        Optional.empty(),
        terms -> (terms[0] + terms[1]) * MEGABITS_OF_A_BYTE);
  }

  private static Term gauge(String metric) {
    return new Term(metric, List.of(), false);
  }

  private static double percent(double part, double whole) {
    return whole > 0 ? Math.max(0, Math.min(100, 100 * part / whole)) : Double.NaN;
  }
}
