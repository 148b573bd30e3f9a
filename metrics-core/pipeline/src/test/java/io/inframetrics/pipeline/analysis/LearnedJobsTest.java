package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.regular.JobHistory;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Result;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.History;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Ledger;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Reports;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.TickingClock;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.testkit.Deadlines;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A large fleet, in which 240 points are 20 hours, with a job of half an hour each night. */
class LearnedJobsTest {

  private static final MetricType TYPE = MetricType.MEMORY_USAGE;
  private static final Instant START = Instant.parse("2026-02-02T00:00:00Z");
  private static final Duration PERIOD = Duration.ofHours(3);
  private static final int SERIES = 16;
  private static final int DAYS = 8;
  private static final int DAY = 288;

  private final TickingClock clock = new TickingClock(START);
  private final History history = new History(clock);
  private final Ledger ledger = new Ledger();
  private final AnalyzeMetrics verb =
      new AnalyzeMetrics(
          history,
          ledger,
          new Reports(),
          AnalysisSettings.DEFAULTS.with(
              new AnalysisSettings.Reading(
                  240, Duration.ofDays(30), Duration.ofDays(1), SERIES - 1, 4_032)),
          clock);

  LearnedJobsTest() {
    List<Point> points = new ArrayList<>();
    for (int i = 1; i <= DAYS * DAY; i++) {
      boolean atNight = i % DAY >= 24 && i % DAY < 30;
      points.add(
          new Point(
              START.getEpochSecond() + 300L * i,
              (atNight ? 70 : 40) + Math.floorMod(i * 7_919L, 11) / 10.0));
    }
    for (int s = 0; s < SERIES; s++) {
      history.points.put(Series.of(TYPE, "i-%02d".formatted(s)), points);
    }
  }

  private Result analyze(Instant at) {
    clock.advance(Duration.between(clock.instant(), at));
    CollectionResult collected =
        new CollectionResult(
            TYPE.name(),
            "run-" + at,
            at,
            null,
            CollectionResult.Status.COLLECTED,
            List.of(new CollectedObject("key", TYPE, 1)),
            List.of(),
            null);
    return verb.analyze(
        new AnalyzeMetrics.Request(AnalyzeMetrics.ANOMALIES, "run-" + at, List.of(collected)),
        Deadlines.never());
  }

  @Test
  void storesOfASixteenthInARunAndReadsTheOthersFromWhereTheyAreKnown() {
    Instant at = START.plus(Duration.ofDays(2));
    int runs = 0;
    for (; ledger.learned.size() < SERIES; at = at.plus(PERIOD)) {
      int before = ledger.learned.size();
      analyze(at);
      assertThat(ledger.learned.size() - before).isEqualTo(SERIES / 16);
      runs++;
    }
    assertThat(runs).isEqualTo(16);
    for (Instant end = START.plus(Duration.ofDays(DAYS)); !at.isAfter(end); at = at.plus(PERIOD)) {
      Map<String, byte[]> before = new HashMap<>(ledger.learned);
      history.limits.clear();
      Result result = analyze(at);
      long stored =
          ledger.learned.entrySet().stream()
              .filter(one -> one.getValue() != before.get(one.getKey()))
              .count();
      assertThat(stored).isEqualTo(SERIES / 16);
      assertThat(history.limits)
          .as("newest points, those for jobs, and those of the first")
          .contains(2_880)
          .isSubsetOf(240, 2_880, 105_000);
      if (at.isAfter(START.plus(Duration.ofDays(6)))) {
        assertThat(result.findings()).as("a job that runs each night, at %s", at).isEmpty();
      }
    }
    Instant last = at.minus(PERIOD);
    assertThat(ledger.learned.values())
        .allMatch(
            one ->
                JobHistory.decoded(one).reaches(last.minus(Duration.ofDays(2)).getEpochSecond()));
  }
}
