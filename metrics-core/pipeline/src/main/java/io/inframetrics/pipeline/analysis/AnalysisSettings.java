package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.anomaly.AnomalyDetector;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Settings of {@link AnalyzeMetrics}: start from {@link #DEFAULTS} and change some. Immutable. */
public record AnalysisSettings(Judging judging, Reading reading, Reporting reporting) {

  /** The most UTF-8 bytes of a summary, so that the workflow's state stays small. */
  public static final int SUMMARY_LIMIT = 4_096;

  private static final String NO_ZONE =
      "the name of a time zone with its summer time, such as Europe/Berlin, or UTC";

  private static final int SMALLEST_SUMMARY = 256;
  private static final double CRITICAL_PERCENT = 95;

  /** Three points of five minutes: a processor that is busy for less is doing its work. */
  private static final Duration SUSTAINED = Duration.ofMinutes(10);

  /** The defaults, as each component's description gives them. */
  public static final AnalysisSettings DEFAULTS =
      new AnalysisSettings(
          new Judging(
              Map.of(
                  MetricType.CPU_UTILIZATION, percent(80).sustainedFor(SUSTAINED),
                  MetricType.MEMORY_USAGE, percent(85),
                  MetricType.DISK_USAGE, percent(90)),
              Map.of(MetricType.DISK_USAGE, 100.0, MetricType.MEMORY_USAGE, 100.0),
              Map.of(
                  MetricType.DISK_USAGE, MetricUnit.PERCENT,
                  MetricType.MEMORY_USAGE, MetricUnit.PERCENT),
              AnomalyDetector.Settings.DEFAULTS,
              Duration.ofDays(30)),
          new Reading(240, Duration.ofDays(30), Duration.ofDays(1), 300, 4_032),
          new Reporting(Duration.ofHours(3), 20, SUMMARY_LIMIT));

  /**
   * Checks all settings.
   *
   * @throws IllegalArgumentException that names every mistake
   */
  public AnalysisSettings {
    List<String> mistakes = new ArrayList<>();
    requireRange(mistakes, "history points", reading.historyPoints, 2, 100_000);
    requireRange(mistakes, "series of a small fleet", reading.smallFleet, 0, 1_000);
    requireRange(mistakes, "history points in a small fleet", reading.smallFleetPoints, 2, 100_000);
    requireRange(mistakes, "findings in an answer", reporting.maxFindings, 0, 100);
    requireRange(
        mistakes, "summary bytes", reporting.maxSummaryBytes, SMALLEST_SUMMARY, SUMMARY_LIMIT);
    requirePositive(mistakes, "history span", reading.historySpan);
    requirePositive(mistakes, "window", reporting.window);
    requirePositive(mistakes, "seen within", reading.seenWithin);
    requirePositive(mistakes, "forecast horizon", judging.horizon);
    new TreeMap<>(judging.capacities)
        .forEach(
            (type, capacity) -> {
              if (!(capacity > 0 && Double.isFinite(capacity))) {
                mistakes.add(
                    "capacity of %s is %s: use a positive number".formatted(type, capacity));
              }
            });
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(
          "analysis settings are not valid: " + String.join("; ", mistakes));
    }
  }

  private static Threshold percent(double limit) {
    return Threshold.above(limit).criticalAbove(CRITICAL_PERCENT).in(MetricUnit.PERCENT);
  }

  /** The same settings with this limit for {@code type}. */
  public AnalysisSettings withThreshold(MetricType type, Threshold threshold) {
    return with(
        new Judging(
            changed(judging.thresholds, type, threshold),
            judging.capacities,
            judging.capacityUnits,
            judging.anomaly,
            judging.horizon));
  }

  /** The same settings with this capacity for {@code type}, in the unit of its series. */
  public AnalysisSettings withCapacity(MetricType type, double capacity) {
    Map<MetricType, MetricUnit> units = new TreeMap<>(judging.capacityUnits);
    units.remove(type);
    return with(
        new Judging(
            judging.thresholds,
            changed(judging.capacities, type, capacity),
            units,
            judging.anomaly,
            judging.horizon));
  }

  /** The same settings for jobs that run, and people who work, by the clocks of {@code zone}. */
  public AnalysisSettings withTimeZone(ZoneId zone) {
    return with(
        new Judging(
            judging.thresholds,
            judging.capacities,
            judging.capacityUnits,
            new AnomalyDetector.Settings(judging.anomaly.threshold(), zone),
            judging.horizon));
  }

  /**
   * The zone with an id of the IANA, such as {@code Europe/Berlin}; {@code UTC} is one.
   *
   * @throws IllegalArgumentException that says what to use, if there is none
   */
  public static ZoneId timeZone(String id) {
    try {
      ZoneId zone = ZoneId.of(id);
      if (id.equals("UTC") || zone.getId().contains("/")) {
        return zone;
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(NO_ZONE, e);
    }
    throw new IllegalArgumentException(NO_ZONE);
  }

  /** The same settings, reading the newest {@code points} of a series. */
  public AnalysisSettings withHistoryPoints(int points) {
    return with(
        new Reading(
            points,
            reading.historySpan,
            reading.seenWithin,
            reading.smallFleet,
            reading.smallFleetPoints));
  }

  /** The same settings, reporting at least the episodes that ended within {@code window}. */
  public AnalysisSettings withWindow(Duration window) {
    return with(
        new Reporting(window, reporting.maxFindings, reporting.maxSummaryBytes, reporting.mutes));
  }

  /** The same settings, not delivering what {@code mutes} cover. */
  public AnalysisSettings withMutes(List<Mute> mutes) {
    return with(
        new Reporting(reporting.window, reporting.maxFindings, reporting.maxSummaryBytes, mutes));
  }

  public AnalysisSettings with(Judging changed) {
    return new AnalysisSettings(changed, reading, reporting);
  }

  public AnalysisSettings with(Reading changed) {
    return new AnalysisSettings(judging, changed, reporting);
  }

  public AnalysisSettings with(Reporting changed) {
    return new AnalysisSettings(judging, reading, changed);
  }

  private static <T> Map<MetricType, T> changed(Map<MetricType, T> all, MetricType type, T value) {
    Map<MetricType, T> changed = new TreeMap<>(all);
    changed.put(type, value);
    return changed;
  }

  private static void requireRange(
      List<String> mistakes, String what, int value, int min, int max) {
    if (value < min || value > max) {
      mistakes.add("%s is %d: use %d to %d".formatted(what, value, min, max));
    }
  }

  private static void requirePositive(List<String> mistakes, String what, Duration value) {
    if (value.isNegative() || value.isZero()) {
      mistakes.add("%s is %s: use a positive duration".formatted(what, value));
    }
  }

  /**
   * What series are judged by; {@link AnalysisSettings} checks it.
   *
   * @param thresholds fixed limits by type. Default: {@code cpu_utilization} 80, {@code
   *     memory_usage} 85, {@code disk_usage} 90 percent, each critical above 95 percent, clear 5 %
   *     below the limit; of {@code cpu_utilization} sustained for 10 minutes, of the others one
   *     point is enough; no other type has one. Series of these types in another unit than {@code
   *     Percent} are not compared with it
   * @param capacities what a type can hold; types without one are not forecast. Default: {@code
   *     disk_usage} and {@code memory_usage} 100 percent
   * @param capacityUnits of capacities; series in another are not forecast. A capacity without one
   *     is in the unit of its series. Default: {@code Percent} for both
   * @param anomaly when a point is unusual for its series, and by whose clocks. Default: UTC
   * @param horizon how far a forecast looks. Default: 30 days
   */
  public record Judging(
      Map<MetricType, Threshold> thresholds,
      Map<MetricType, Double> capacities,
      Map<MetricType, MetricUnit> capacityUnits,
      AnomalyDetector.Settings anomaly,
      Duration horizon) {

    public Judging {
      thresholds = Map.copyOf(thresholds);
      capacities = Map.copyOf(capacities);
      capacityUnits = Map.copyOf(capacityUnits);
    }
  }

  /**
   * How much of each series is read; {@link AnalysisSettings} checks it.
   *
   * @param historyPoints newest points of a series, 2 to 100,000. Default: 240
   * @param historySpan how old the points of a forecast may be. Default: 30 days. Other analyses
   *     read points of 90 days if these are more than this and the store keeps them: where points
   *     are hours apart, it takes that long to tell a spike from noise
   * @param seenWithin series without a point for longer are not read. Default: 1 day
   * @param smallFleet series up to which {@code smallFleetPoints} are read, 0 to 1,000. Default:
   *     300
   * @param smallFleetPoints newest points of a series in a small fleet, 2 to 100,000; {@code
   *     historyPoints} if that is more. Default: 4,032, two weeks of five minutes. If points are
   *     closer, anomalies are found in those of two weeks, at most 20,160
   */
  public record Reading(
      int historyPoints,
      Duration historySpan,
      Duration seenWithin,
      int smallFleet,
      int smallFleetPoints) {

    /** Points to read of each series where there are {@code series} of them. */
    int pointsOf(int series) {
      return series <= smallFleet ? Math.max(historyPoints, smallFleetPoints) : historyPoints;
    }
  }

  /**
   * What is reported; {@link AnalysisSettings} checks it.
   *
   * @param window how far back a run reports episodes that are over, at best the time between runs;
   *     of a series that was last analyzed before that, it reports all since then. Default: 3 hours
   * @param maxFindings findings in an answer, 0 to 100; the report has all. Default: 20
   * @param maxSummaryBytes UTF-8 bytes of the summary, 256 to {@value #SUMMARY_LIMIT}. Default:
   *     {@value #SUMMARY_LIMIT}
   * @param mutes findings that are not delivered for some time. Default: none
   */
  public record Reporting(Duration window, int maxFindings, int maxSummaryBytes, List<Mute> mutes) {

    public Reporting {
      mutes = List.copyOf(mutes);
    }

    /** The same without mutes. */
    public Reporting(Duration window, int maxFindings, int maxSummaryBytes) {
      this(window, maxFindings, maxSummaryBytes, List.of());
    }
  }
}
