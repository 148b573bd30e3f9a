package io.inframetrics.collect.sysstat;

import io.inframetrics.collect.sysstat.Sample.Row;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What is read of a day file for one metric type, and how values are made of it. */
enum Activity {
  CPU("cpu-load", "-u", ""),
  /** With {@code ALL}, which prints the slab; without it the total cannot be computed. */
  MEMORY("memory", "-r ALL", "sysstat 12 or newer is needed"),
  DISK(
      "filesystems",
      "-F MOUNT",
      "sysstat records file systems only with SADC_OPTIONS=\"-S XDISK\" in /etc/sysstat/sysstat"
          + " (/etc/sysconfig/sysstat on Red Hat)"),
  NETWORK("net-dev", "-n DEV", "");

  /** Less than this share of the time is accounted for only where counters were reset. */
  private static final double LEAST_TIME_PERCENT = 50;

  /** Percentages have two decimals. */
  private static final double ROUNDING = 0.006;

  private static final double BITS_OF_KILOBYTE = 1_024 * 8;
  private static final double MEGA = 1e6;

  private final String section;
  private final String arguments;
  private final String ifMissing;

  Activity(String section, String arguments, String ifMissing) {
    this.section = section;
    this.arguments = arguments;
    this.ifMissing = ifMissing;
  }

  MetricType type() {
    return switch (this) {
      case CPU -> MetricType.CPU_UTILIZATION;
      case MEMORY -> MetricType.MEMORY_USAGE;
      case DISK -> MetricType.DISK_USAGE;
      case NETWORK -> MetricType.NETWORK_TRAFFIC;
    };
  }

  MetricUnit unit() {
    return this == NETWORK ? MetricUnit.MEGABITS_PER_SECOND : MetricUnit.PERCENT;
  }

  /** The name of the JSON object or array. */
  String section() {
    return section;
  }

  /** The name of the dimension; empty for values of the whole machine. */
  String dimension() {
    return switch (this) {
      case CPU, MEMORY -> "";
      case DISK -> "device";
      case NETWORK -> "interface";
    };
  }

  /** What to do if a file has none of these values; empty if nothing is known. */
  String ifMissing() {
    return ifMissing;
  }

  /** The arguments of {@code sadf} after {@code --}. */
  List<String> arguments() {
    return List.of(arguments.split(" ", -1));
  }

  /** A value of the machine or, if {@code name} is not empty, of one disk or interface. */
  record Value(String name, double value) {}

  /**
   * The values of a sample; those that cannot be computed are left out.
   *
   * @param interfaces chooses which network interfaces count
   */
  List<Value> values(Sample sample, UnaryOperator<Set<String>> interfaces) {
    return switch (this) {
      case CPU -> sample.hasRates() ? cpu(sample.rows()) : List.of();
      case MEMORY -> finite(sample.rows().stream().map(Activity::memory).toList());
      case DISK ->
          finite(
              sample.rows().stream()
                  .filter(row -> !isImage(row))
                  .map(row -> new Value(row.name(), diskPercent(row)))
                  .toList());
      case NETWORK -> sample.hasRates() ? network(sample.rows(), interfaces) : List.of();
    };
  }

  private static List<Value> cpu(List<Row> rows) {
    return finite(
        rows.stream()
            .filter(row -> row.name().equals("all") && row.sum() >= LEAST_TIME_PERCENT)
            .map(row -> new Value("", percent(100 - row.number("idle") - row.number("iowait"))))
            .toList());
  }

  private static Value memory(Row row) {
    double total = totalMemory(row);
    return new Value("", percent(100 * (total - row.number("avail")) / total));
  }

  /**
   * Memory in kB, which is not printed but is the sum of its parts. Before version 12.1.2, {@code
   * memused} included caches; the percentage shows which definition it is. NaN if neither fits.
   */
  private static double totalMemory(Row row) {
    double used = row.number("memused");
    double usedAndFree = used + row.number("memfree");
    double all = usedAndFree + row.number("buffers") + row.number("cached") + row.number("slab");
    for (double total : List.of(all, usedAndFree)) {
      if (Math.abs(100 * used / total - row.number("memused-percent")) <= ROUNDING) {
        return total;
      }
    }
    return Double.NaN;
  }

  /** As {@code df} computes it: what is reserved for the system is neither used nor free. */
  private static double diskPercent(Row row) {
    double used = row.number("%fsused");
    double available = 100 - row.number("%ufsused");
    return percent(100 * used / (used + available));
  }

  /** A read-only image, such as of a snap: always full, of inodes too. A full disk has inodes. */
  private static boolean isImage(Row row) {
    return row.number("MBfsfree") == 0
        && row.number("Ifree") == 0
        && row.number("Iused") > 0
        && row.number("%fsused") >= 100 - ROUNDING;
  }

  private static List<Value> network(List<Row> rows, UnaryOperator<Set<String>> interfaces) {
    Set<String> chosen =
        interfaces.apply(rows.stream().map(Row::name).collect(Collectors.toUnmodifiableSet()));
    return finite(
        rows.stream()
            .filter(row -> chosen.contains(row.name()))
            .map(
                row ->
                    new Value(
                        row.name(),
                        (row.number("rxkB") + row.number("txkB")) * BITS_OF_KILOBYTE / MEGA))
            .toList());
  }

  private static double percent(double value) {
    return Math.max(0, Math.min(100, value));
  }

  private static List<Value> finite(List<Value> values) {
    return values.stream().filter(value -> Double.isFinite(value.value())).toList();
  }
}
