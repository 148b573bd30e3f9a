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

/** What became of the series of one analysis, counted as it goes on. Belongs to one thread. */
final class AnalysisProgress {

  private static final int MAX_REASON_LENGTH = 200;

  private final List<Failure> failures = new ArrayList<>();
  private final Set<MetricType> typesSkipped = new TreeSet<>();
  private final Set<MetricType> typesSilent = new TreeSet<>();
  private final Map<Forecast.Outcome, Integer> outcomes = new EnumMap<>(Forecast.Outcome.class);
  private final Map<MetricType, Integer> readByType = new TreeMap<>();
  private final List<String> skipped = new ArrayList<>();
  private final Set<MetricType> typesUnlisted = new TreeSet<>();
  private int seriesRead;
  private int seriesEmpty;
  private int seriesFailed;
  private @Nullable RuntimeException firstCause;

  /** A series was read and judged. */
  void read(MetricType type) {
    readByType.merge(type, 1, Integer::sum);
    seriesRead++;
  }

  /** A series was read and has no points up to now. */
  void empty() {
    seriesEmpty++;
  }

  /** A series was left out because the time was up. */
  void skipped(Series series) {
    skipped.add(series.id());
  }

  /** The time was up before it was known which series a type has. */
  void skipped(MetricType type) {
    typesSkipped.add(type);
    typesUnlisted.add(type);
  }

  /** A type has no series that was seen lately. */
  void silent(MetricType type) {
    typesSilent.add(type);
  }

  /** A forecast was made. */
  void forecast(Forecast.Outcome outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  /** A series could not be read. */
  void failed(Series series, RuntimeException cause) {
    seriesFailed++;
    failed(series.id(), cause);
  }

  /** It could not be read which series a type has. */
  void failed(MetricType type, RuntimeException cause) {
    typesUnlisted.add(type);
    failed(type.name(), cause);
  }

  private void failed(String what, RuntimeException cause) {
    firstCause = firstCause == null ? cause : firstCause;
    String message = cause.getMessage();
    String reason = Texts.oneLine(message == null ? cause.getClass().getName() : message);
    failures.add(new Failure(what, Texts.head(reason, MAX_REASON_LENGTH)));
  }

  /** Whether there were failures and nothing else. */
  boolean nothingCouldBeRead() {
    return !failures.isEmpty() && seriesRead == 0 && seriesEmpty == 0;
  }

  @Nullable RuntimeException firstCause() {
    return firstCause;
  }

  List<Failure> failures() {
    return failures;
  }

  Set<MetricType> typesSkipped() {
    return typesSkipped;
  }

  Set<MetricType> typesSilent() {
    return typesSilent;
  }

  /** Types whose series are not known, whatever the cause. */
  Set<MetricType> typesUnlisted() {
    return typesUnlisted;
  }

  int seriesRead() {
    return seriesRead;
  }

  Map<MetricType, Integer> readByType() {
    return readByType;
  }

  /** Ids of series that were left out, sorted. */
  List<String> skipped() {
    return skipped.stream().sorted().toList();
  }

  int seriesEmpty() {
    return seriesEmpty;
  }

  int seriesSkipped() {
    return skipped.size();
  }

  int seriesFailed() {
    return seriesFailed;
  }

  int forecasts(Forecast.Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0);
  }

  /**
   * What could not be read.
   *
   * @param what a series id or a metric type
   */
  record Failure(String what, String reason) {}
}
