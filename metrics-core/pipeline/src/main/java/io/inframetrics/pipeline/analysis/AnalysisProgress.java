package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Forecast;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.text.Texts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What became of the series of one analysis, counted while it runs. Belongs to one thread. */
final class AnalysisProgress {

  private static final int MAX_REASON_LENGTH = 200;

  /** What could not be read, and the charts if they could not be written. */
  final List<Failure> failures = new ArrayList<>();

  @Nullable RuntimeException firstCause;

  /** How many series of each type were read and judged. */
  final Map<MetricType, Integer> readByType = new TreeMap<>();

  /** Types without a series that has a recent point. */
  final Set<MetricType> typesSilent = new TreeSet<>();

  /** Types whose series are not known because the time was up. */
  final Set<MetricType> typesSkipped = new TreeSet<>();

  /** Types whose series are not known, whatever the cause. */
  final Set<MetricType> typesUnlisted = new TreeSet<>();

  /** Ids of series that were not read because the time was up. */
  final Set<String> skipped = new TreeSet<>();

  /** Read, but with too few points to be judged. */
  int seriesNotJudged;

  /** So many points more, and all of these can be judged. */
  int pointsMissing;

  /** Seconds from point to point of the slowest of these; 0 if unknown. */
  private long slowestGap;

  /** Series that were not compared with a limit or a capacity in another unit, by type and why. */
  private final Map<MetricType, Map<String, Integer>> otherUnits = new TreeMap<>();

  private int seriesNotComparable;

  int seriesEmpty;
  int seriesFailed;

  private final Map<Forecast.Outcome, Integer> outcomes = new EnumMap<>(Forecast.Outcome.class);

  void read(MetricType type) {
    readByType.merge(type, 1, Integer::sum);
  }

  /** A series that was read is to be judged when it has {@code points} more, so far apart. */
  void notJudged(int points, long gap) {
    seriesNotJudged++;
    pointsMissing = Math.max(pointsMissing, points);
    slowestGap = Math.max(slowestGap, gap);
  }

  /**
   * A series of a type was not compared with the limit or the capacity of its type.
   *
   * @param judged whether it was judged by something else
   */
  void otherUnit(MetricType type, String reason, boolean judged) {
    seriesNotComparable += judged ? 0 : 1;
    otherUnits.computeIfAbsent(type, t -> new TreeMap<>()).merge(reason, 1, Integer::sum);
  }

  /** What was not compared with a limit or a capacity, and why. */
  List<String> otherUnits() {
    List<String> all = new ArrayList<>();
    otherUnits.forEach(
        (type, reasons) ->
            reasons.forEach(
                (reason, series) ->
                    all.add("%s (%,d series): %s".formatted(type, series, reason))));
    return all;
  }

  /** How many series these are. */
  int seriesInOtherUnit() {
    return otherUnits.values().stream()
        .flatMap(reasons -> reasons.values().stream())
        .mapToInt(Integer::intValue)
        .sum();
  }

  /** Seconds that the {@link #pointsMissing} take; 0 if unknown. */
  long secondsMissing() {
    return pointsMissing * slowestGap;
  }

  void skipped(Series series) {
    skipped.add(series.id());
  }

  /** The time was up before the series of a type were listed. */
  void skipped(MetricType type) {
    typesSkipped.add(type);
    typesUnlisted.add(type);
  }

  void forecast(Forecast.Outcome outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  void failed(Series series, RuntimeException cause) {
    seriesFailed++;
    failed(series.id(), cause);
  }

  /** The series of a type could not be listed. */
  void failed(MetricType type, RuntimeException cause) {
    typesUnlisted.add(type);
    failed(type.name(), cause);
  }

  /** The charts could not be stored. */
  void chartsFailed(RuntimeException cause) {
    failed("charts", cause);
  }

  private void failed(String what, RuntimeException cause) {
    firstCause = firstCause == null ? cause : firstCause;
    String message = cause.getMessage();
    String reason = Texts.oneLine(message == null ? cause.getClass().getName() : message);
    failures.add(new Failure(what, Texts.head(reason, MAX_REASON_LENGTH)));
  }

  boolean nothingCouldBeRead() {
    return !failures.isEmpty() && readByType.isEmpty() && seriesEmpty == 0;
  }

  int seriesRead() {
    return readByType.values().stream().mapToInt(Integer::intValue).sum();
  }

  int seriesJudged() {
    return seriesRead() - seriesNotJudged - seriesNotComparable;
  }

  int forecasts(Forecast.Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }

  /** What could not be read: a series id or a metric type; or {@code charts}. */
  record Failure(String what, String reason) {}
}
