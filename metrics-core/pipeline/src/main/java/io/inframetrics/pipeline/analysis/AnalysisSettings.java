package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.anomaly.AnomalyDetector;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.metric.MetricType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How {@link AnalyzeMetrics} works. Start from {@link #DEFAULTS} and change what differs.
 * Immutable.
 *
 * @param thresholds fixed limits by type. Default: {@code cpu_utilization} 80, {@code memory_usage}
 *     85, {@code disk_usage} 90 percent, each critical above 95 percent, clear 5 % below the limit;
 *     of {@code cpu_utilization} sustained for 10 minutes, of the others one point is enough; no
 *     other type has one
 * @param capacities what a type can hold, in the unit of its series; types without one are not
 *     forecast. Default: {@code disk_usage} and {@code memory_usage} 100 percent
 * @param anomaly when a point is unusual for its series
 * @param historyPoints newest points of a series that are looked at, 2 to 100,000. Default: 240
 * @param historySpan how old these may be. Default: 30 days, which is as long as records are kept
 * @param window how far back a run at least tells of episodes that are over, at best the time
 *     between runs: where the last look at a series is longer ago, it tells of all since then.
 *     Default: 3 hours
 * @param seenWithin series that were silent for longer are not looked at. Default: 1 day
 * @param horizon how far a forecast looks. Default: 30 days
 * @param maxFindings findings in an answer, 0 to 100; the report has all. Default: 20
 * @param maxSummaryBytes UTF-8 bytes of the summary, 256 to {@value #SUMMARY_LIMIT}. Default:
 *     {@value #SUMMARY_LIMIT}
 * @param smallFleet series up to which {@code smallFleetPoints} are looked at, 0 to 1,000. Default:
 *     300
 * @param smallFleetPoints newest points of a series that are looked at in a small fleet, 2 to
 *     100,000; {@code historyPoints} if that is more. Default: 4,032, two weeks of five minutes
 */
public record AnalysisSettings(
    Map<MetricType, Threshold> thresholds,
    Map<MetricType, Double> capacities,
    AnomalyDetector.Settings anomaly,
    int historyPoints,
    Duration historySpan,
    Duration window,
    Duration seenWithin,
    Duration horizon,
    int maxFindings,
    int maxSummaryBytes,
    int smallFleet,
    int smallFleetPoints) {

  /** UTF-8 bytes that a summary may have at most, so that the workflow's state stays small. */
  public static final int SUMMARY_LIMIT = 4_096;

  private static final int SMALLEST_SUMMARY = 256;
  private static final double CRITICAL_PERCENT = 95;

  /** Three points of five minutes: a processor that is busy for less is doing its work. */
  private static final Duration SUSTAINED = Duration.ofMinutes(10);

  /** The defaults, as told at each component. */
  public static final AnalysisSettings DEFAULTS =
      new AnalysisSettings(
          Map.of(
              MetricType.CPU_UTILIZATION,
                  Threshold.above(80).criticalAbove(CRITICAL_PERCENT).sustainedFor(SUSTAINED),
              MetricType.MEMORY_USAGE, Threshold.above(85).criticalAbove(CRITICAL_PERCENT),
              MetricType.DISK_USAGE, Threshold.above(90).criticalAbove(CRITICAL_PERCENT)),
          Map.of(MetricType.DISK_USAGE, 100.0, MetricType.MEMORY_USAGE, 100.0),
          AnomalyDetector.Settings.DEFAULTS,
          240,
          Duration.ofDays(30),
          Duration.ofHours(3),
          Duration.ofDays(1),
          Duration.ofDays(30),
          20,
          SUMMARY_LIMIT,
          300,
          4_032);

  /**
   * Checks all settings.
   *
   * @throws IllegalArgumentException that names every mistake
   */
  public AnalysisSettings {
    thresholds = Map.copyOf(thresholds);
    capacities = Map.copyOf(capacities);
    List<String> mistakes = new ArrayList<>();
    requireRange(mistakes, "history points", historyPoints, 2, 100_000);
    requireRange(mistakes, "series of a small fleet", smallFleet, 0, 1_000);
    requireRange(mistakes, "history points in a small fleet", smallFleetPoints, 2, 100_000);
    requireRange(mistakes, "findings in an answer", maxFindings, 0, 100);
    requireRange(mistakes, "summary bytes", maxSummaryBytes, SMALLEST_SUMMARY, SUMMARY_LIMIT);
    requirePositive(mistakes, "history span", historySpan);
    requirePositive(mistakes, "window", window);
    requirePositive(mistakes, "seen within", seenWithin);
    requirePositive(mistakes, "forecast horizon", horizon);
    new TreeMap<>(capacities)
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

  /** The same settings with another or a first limit for {@code type}. */
  public AnalysisSettings withThreshold(MetricType type, Threshold threshold) {
    Map<MetricType, Threshold> changed = new TreeMap<>(thresholds);
    changed.put(type, threshold);
    return withThresholds(changed);
  }

  /** The same settings with these limits and no others. */
  public AnalysisSettings withThresholds(Map<MetricType, Threshold> changed) {
    return new AnalysisSettings(
        changed,
        capacities,
        anomaly,
        historyPoints,
        historySpan,
        window,
        seenWithin,
        horizon,
        maxFindings,
        maxSummaryBytes,
        smallFleet,
        smallFleetPoints);
  }

  /** The same settings with another or a first capacity for {@code type}, in its unit. */
  public AnalysisSettings withCapacity(MetricType type, double capacity) {
    Map<MetricType, Double> changed = new TreeMap<>(capacities);
    changed.put(type, capacity);
    return new AnalysisSettings(
        thresholds,
        changed,
        anomaly,
        historyPoints,
        historySpan,
        window,
        seenWithin,
        horizon,
        maxFindings,
        maxSummaryBytes,
        smallFleet,
        smallFleetPoints);
  }

  /** The same settings, looking at so many points of a series. */
  public AnalysisSettings withHistoryPoints(int points) {
    return new AnalysisSettings(
        thresholds,
        capacities,
        anomaly,
        points,
        historySpan,
        window,
        seenWithin,
        horizon,
        maxFindings,
        maxSummaryBytes,
        smallFleet,
        smallFleetPoints);
  }

  /** The same settings, telling of episodes that ended within {@code changed} in any case. */
  public AnalysisSettings withWindow(Duration changed) {
    return new AnalysisSettings(
        thresholds,
        capacities,
        anomaly,
        historyPoints,
        historySpan,
        changed,
        seenWithin,
        horizon,
        maxFindings,
        maxSummaryBytes,
        smallFleet,
        smallFleetPoints);
  }

  /** The same settings, forecasting so far. */
  public AnalysisSettings withHorizon(Duration changed) {
    return new AnalysisSettings(
        thresholds,
        capacities,
        anomaly,
        historyPoints,
        historySpan,
        window,
        seenWithin,
        changed,
        maxFindings,
        maxSummaryBytes,
        smallFleet,
        smallFleetPoints);
  }

  /** The same settings with these limits of the answer. */
  public AnalysisSettings withAnswer(int findings, int summaryBytes) {
    return new AnalysisSettings(
        thresholds,
        capacities,
        anomaly,
        historyPoints,
        historySpan,
        window,
        seenWithin,
        horizon,
        findings,
        summaryBytes,
        smallFleet,
        smallFleetPoints);
  }

  /** The same settings, looking at so many points of a series in a fleet of so few series. */
  public AnalysisSettings withSmallFleet(int series, int points) {
    return new AnalysisSettings(
        thresholds,
        capacities,
        anomaly,
        historyPoints,
        historySpan,
        window,
        seenWithin,
        horizon,
        maxFindings,
        maxSummaryBytes,
        series,
        points);
  }

  /** Points of a series that are looked at where there are so many series. */
  int pointsOf(int series) {
    return series <= smallFleet ? Math.max(historyPoints, smallFleetPoints) : historyPoints;
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
}
