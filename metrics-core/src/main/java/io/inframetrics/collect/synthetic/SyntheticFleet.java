package io.inframetrics.collect.synthetic;

import io.inframetrics.collect.MetricCollector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A simulated fleet whose values are a pure function of seed, series and second: the same on every
 * JVM and in any order of calls, so a test can expect exact values.
 *
 * <p>Instances are {@code i-00000}, {@code i-00001} and so on. All have processor and memory, the
 * disk {@code /} (dimension {@code device}) and the interface {@code eth0} (dimension {@code
 * interface}); every second one, from {@code i-00001}, has the disk {@code /data}, and every
 * fourth, from {@code i-00003}, the interface {@code eth1} with a fifth of its traffic.
 *
 * <p>Load peaks at 14:00 UTC, is lowest at 02:00 and has less than half the swing at weekends.
 * Processor, memory and network of an instance follow its load, and instances correlate. Disks fill
 * by a fraction of a percent a day and are emptied every 40 to 120 days. Without {@link Incident}s
 * no percentage exceeds 85.
 *
 * <p>Percentages are within 0 and 100, traffic is in megabits a second and not negative. Immutable;
 * safe to share.
 */
public final class SyntheticFleet {

  public static final int MAX_INSTANCES = 1_000_000;

  public static final Duration MAX_STEP = Duration.ofDays(1);

  /** The dimension of {@code disk_usage}. */
  public static final String DEVICE = "device";

  /** The dimension of {@code network_traffic}. */
  public static final String INTERFACE = "interface";

  private static final List<String> DEVICES = List.of("/", "/data");
  private static final List<String> INTERFACES = List.of("eth0", "eth1");
  private static final double SECOND_INTERFACE_SHARE = 0.2;
  private static final String ID_PREFIX = "i-";

  private final int instances;
  private final String region;
  private final Duration step;
  private final List<Incident> incidents;
  private final FleetModel model;

  private SyntheticFleet(Builder builder) {
    this.instances = builder.instances;
    this.region = builder.region;
    this.step = builder.step;
    this.incidents = List.copyOf(builder.incidents);
    this.model = new FleetModel(builder.seed);
    for (Incident incident : incidents) {
      requireKnown(incident);
    }
  }

  /** A builder with seed 0, 10 instances, region {@code eu-west-1}, step PT5M, no incidents. */
  public static Builder builder() {
    return new Builder();
  }

  public int instances() {
    return instances;
  }

  public String region() {
    return region;
  }

  /** The time between points of {@link #collectors()}, in whole seconds. */
  public Duration step() {
    return step;
  }

  /** The id of an instance, numbered from 0 to {@code instances() - 1}. */
  public String instanceId(int instance) {
    if (instance < 0 || instance >= instances) {
      throw new IllegalArgumentException(
          "there is no instance %d: use 0 to %d".formatted(instance, instances - 1));
    }
    // Not String.format: this is called for every series of every window.
    String digits = Integer.toString(instance);
    return ID_PREFIX + "0".repeat(Math.max(0, 5 - digits.length())) + digits;
  }

  /**
   * The series of an instance, by number of the disk or interface.
   *
   * @param type one of the four built-in types
   * @param instance from 0 to {@code instances() - 1}
   */
  public List<Series> series(MetricType type, int instance) {
    String id = instanceId(instance);
    if (type.equals(MetricType.DISK_USAGE)) {
      return parts(type, id, DEVICE, DEVICES.subList(0, instance % 2 == 1 ? 2 : 1));
    }
    if (type.equals(MetricType.NETWORK_TRAFFIC)) {
      return parts(type, id, INTERFACE, INTERFACES.subList(0, hasTwoInterfaces(instance) ? 2 : 1));
    }
    if (!MetricType.builtIn().contains(type)) {
      throw new IllegalArgumentException(
          "a synthetic fleet does not have the metric type '%s': use one of %s"
              .formatted(type, builtInTypes()));
    }
    return List.of(Series.of(type, id));
  }

  /**
   * The value of a series at a moment; in a gap, the value that the gap hides.
   *
   * @param series one of {@link #series(MetricType, int)}
   * @param instant fractions of a second are ignored
   * @throws IllegalArgumentException if the fleet has no such series
   */
  public double value(Series series, Instant instant) {
    int instance = indexOf(series.instanceId());
    int part = instance < 0 ? -1 : series(series.type(), instance).indexOf(series);
    if (part < 0) {
      throw new IllegalArgumentException(
          "the fleet has no series '%s': series() returns those it has".formatted(series.id()));
    }
    return value(series, instance, part, instant.getEpochSecond());
  }

  /** The value of a series without dimensions: processor or memory. */
  public double value(MetricType type, int instance, Instant instant) {
    return value(Series.of(type, instanceId(instance)), instant);
  }

  public boolean hasGap(Series series, Instant instant) {
    return hasGap(series, instant.getEpochSecond());
  }

  /** A collector for each of the four built-in types. */
  public List<MetricCollector> collectors() {
    return MetricType.builtIn().stream()
        .<MetricCollector>map(type -> new SyntheticCollector(this, type))
        .toList();
  }

  static MetricUnit unit(MetricType type) {
    return type.equals(MetricType.NETWORK_TRAFFIC)
        ? MetricUnit.MEGABITS_PER_SECOND
        : MetricUnit.PERCENT;
  }

  double value(Series series, int instance, int part, long second) {
    MetricType type = series.type();
    double value = model.value(type, instance, part, share(instance, part), second);
    for (Incident incident : incidents) {
      if (incident.strikes(series.instanceId(), type, second)) {
        value = incident.distort(value, second);
      }
    }
    double highest = type.equals(MetricType.NETWORK_TRAFFIC) ? Double.MAX_VALUE : 100;
    return Math.max(0, Math.min(highest, value));
  }

  boolean hasGap(Series series, long second) {
    for (Incident incident : incidents) {
      if (incident.kind() == Incident.Kind.GAP
          && incident.strikes(series.instanceId(), series.type(), second)) {
        return true;
      }
    }
    return false;
  }

  static String builtInTypes() {
    return MetricType.builtIn().stream().map(MetricType::name).collect(Collectors.joining(", "));
  }

  private static double share(int instance, int part) {
    if (!hasTwoInterfaces(instance)) {
      return 1;
    }
    return part == 0 ? 1 - SECOND_INTERFACE_SHARE : SECOND_INTERFACE_SHARE;
  }

  private static boolean hasTwoInterfaces(int instance) {
    return instance % 4 == 3;
  }

  private static List<Series> parts(
      MetricType type, String id, String dimension, List<String> names) {
    return names.stream().map(name -> Series.of(type, id, Map.of(dimension, name))).toList();
  }

  /** The number of an instance; -1 if there is no such instance. */
  private int indexOf(String id) {
    try {
      int instance =
          Integer.parseInt(id.startsWith(ID_PREFIX) ? id.substring(ID_PREFIX.length()) : "");
      boolean known = instance >= 0 && instance < instances && instanceId(instance).equals(id);
      return known ? instance : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private void requireKnown(Incident incident) {
    String id = incident.instanceId();
    if (!id.equals(MetricType.ALL) && indexOf(id) < 0) {
      throw new IllegalArgumentException(
          "there is no instance '%s' for an incident: use '%s' to '%s', or '%s'"
              .formatted(id, instanceId(0), instanceId(instances - 1), MetricType.ALL));
    }
  }

  /** Not thread-safe. */
  public static final class Builder {

    private long seed;
    private int instances = 10;
    private String region = "eu-west-1";
    private Duration step = Duration.ofMinutes(5);
    private List<Incident> incidents = List.of();

    private Builder() {}

    /** Another seed gives another fleet of the same kind. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** From 1 to {@value SyntheticFleet#MAX_INSTANCES}. */
    public Builder instances(int instances) {
      if (instances < 1 || instances > MAX_INSTANCES) {
        throw new IllegalArgumentException(
            "a fleet of %d instances is not valid: use 1 to %d"
                .formatted(instances, MAX_INSTANCES));
      }
      this.instances = instances;
      return this;
    }

    /** Not blank. */
    public Builder region(String region) {
      if (region.isBlank()) {
        throw new IllegalArgumentException("the region of a fleet is blank: name one");
      }
      this.region = region;
      return this;
    }

    /** The time between points: whole seconds, PT1S to P1D. */
    public Builder step(Duration step) {
      if (step.toSeconds() < 1 || step.toNanosPart() != 0 || step.compareTo(MAX_STEP) > 0) {
        throw new IllegalArgumentException(
            "the step %s is not valid: use whole seconds, PT1S to P1D".formatted(step));
      }
      this.step = step;
      return this;
    }

    /** What goes wrong; where incidents overlap, they apply in this order. Copied. */
    public Builder incidents(List<Incident> incidents) {
      this.incidents = List.copyOf(incidents);
      return this;
    }

    /**
     * The fleet with these settings.
     *
     * @throws IllegalArgumentException if an incident names an unknown instance
     */
    public SyntheticFleet build() {
      return new SyntheticFleet(this);
    }
  }
}
