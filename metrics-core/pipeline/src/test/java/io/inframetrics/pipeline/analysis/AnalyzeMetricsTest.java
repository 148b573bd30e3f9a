package io.inframetrics.pipeline.analysis;

import static io.inframetrics.metric.MetricType.CPU_UTILIZATION;
import static io.inframetrics.metric.MetricType.DISK_USAGE;
import static io.inframetrics.metric.MetricType.MEMORY_USAGE;
import static io.inframetrics.metric.MetricType.NETWORK_TRAFFIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Severity;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalysisSettings.Reporting;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Request;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Result;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.State;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.History;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Ledger;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Reports;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.TickingClock;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyzeMetricsTest {

  private static final Instant NOON = Instant.parse("2026-02-19T12:00:00Z");
  private static final Duration STEP = Duration.ofMinutes(15);
  private static final CollectionResult CPU = collected(CPU_UTILIZATION);
  private static final CollectionResult DISK = collected(DISK_USAGE);
  private static final CollectionResult NETWORK = collected(NETWORK_TRAFFIC);
  private static final CollectionResult MEMORY_FAILED =
      CollectionResult.failed("memory_usage", "Timeout");

  private final TickingClock clock = new TickingClock(NOON.plusSeconds(90));
  private final History history = new History(clock);
  private final Ledger ledger = new Ledger();
  private final Reports reports = new Reports();

  @Test
  void tellsWhatIsUnusualTheWorstFirst() {
    store(CPU_UTILIZATION, "i-calm", 100, i -> 40 + i % 5);
    store(CPU_UTILIZATION, "i-hot", 100, i -> 83 + (i + 2) % 3);
    store(DISK_USAGE, "i-full", 100, i -> 97);
    store(NETWORK_TRAFFIC, "i-calm", 100, i -> i < 99 ? 20 + i % 4 : 900);

    Result result = analyze("anomalies", "run-1", CPU, MEMORY_FAILED, DISK, NETWORK);

    assertThat(result.analysis()).isEqualTo("anomalies");
    assertThat(result.reportKey()).isEqualTo("reports/2026/02/19/anomalies-run-1.json");
    assertThat(result.summary())
        .isEqualTo(
            """
            Anomalies at 2026-02-19 12:00 UTC: 3 findings in 4 series (1 critical, 2 warnings; 3 new, 0 reported before).
            CRITICAL new disk_usage i-full: 97 % is above the threshold of 90 % (100 points), since 2026-02-18 11:15 UTC
            WARNING new network_traffic i-calm: 900 Mbit/s is 43x the usual 21 Mbit/s; nearest in 1 day: 23 Mbit/s; less than two weeks of history, since 2026-02-19 12:00 UTC
            WARNING new cpu_utilization i-hot: 85 % is above the threshold of 80 % (100 points), since 2026-02-18 11:15 UTC
            No data from: memory_usage (FAILED)
            Report: reports/2026/02/19/anomalies-run-1.json\
            """);
    assertThat(result.findings())
        .extracting(TrackedFinding::finding)
        .extracting(Finding::detector)
        .containsExactly("threshold", "anomaly", "threshold");
  }

  @Test
  void tellsWhatWillBeFull() {
    store(DISK_USAGE, "i-leak", 240, i -> 50 + 0.2 * i);
    store(DISK_USAGE, "i-flat", 240, i -> 41);
    store(DISK_USAGE, "i-new", 3, i -> 41);
    store(CPU_UTILIZATION, "i-leak", 240, i -> 50);

    Result result = analyze("forecast", "run-1", CPU, DISK);

    assertThat(result.summary())
        .isEqualTo(
            """
            Capacity at 2026-02-19 12:00 UTC: 1 of 3 series reaches its capacity within 30 days (1 critical; 1 new, 0 reported before); 1 not growing; 2 of 3 series judged; 1 needs about 9 more points (2 hours).
            CRITICAL new disk_usage i-leak: 97.6 % now, growing by 19.2 percentage points a day: reaches 100 % in 2 hours, 2026-02-19 14:45 UTC (80 % sure: 2026-02-19 14:44 to 2026-02-19 14:52 UTC)
            Report: reports/2026/02/19/forecast-run-1.json\
            """);
    assertThat(history.reads).noneMatch(id -> id.startsWith("cpu"));
    assertThat(reports.objects.get(result.reportKey()))
        .contains(
            "\"words\":\"not growing: 41 % now, 0 percentage points a day over the last 2 days\"")
        .contains(
            "\"words\":\"not enough data: 3 points over 30 minutes, but a forecast needs 12\"");
  }

  @Test
  void saysHowManySeriesWereJudgedAndWhatTheOthersNeed() {
    store(DISK_USAGE, "i-1", 240, i -> 41);
    store(DISK_USAGE, "i-new", 8, i -> 41);
    store(DISK_USAGE, "i-newer", 2, i -> 41);

    Result anomalies = analyze("anomalies", "run-1", DISK);
    Result forecast = analyze("forecast", "run-1", DISK);

    assertThat(anomalies.summary())
        .startsWith(
            "Anomalies at 2026-02-19 12:00 UTC: nothing unusual; 1 of 3 series judged; 2 need about"
                + " 18 more points (4 hours).\n");
    assertThat(forecast.summary())
        .startsWith(
            "Capacity at 2026-02-19 12:00 UTC: nothing reaches its capacity within 30 days; 1 not"
                + " growing; 1 of 3 series judged; 2 need about 10 more points (2 hours).\n");
    assertThat(reports.objects.get(anomalies.reportKey()))
        .contains(
            """
            "series_read":3,
            "series_judged":1,
            "series_not_judged":2,
            "points_missing":18,
            "seconds_missing":16200,
            """)
        .contains("\"latest\":41,\"points_missing\":12}")
        .contains("\"latest\":41,\"points_missing\":18}");
    assertThat(reports.objects.get(forecast.reportKey()))
        .contains("\"latest\":41,\"points_missing\":4,\"forecast\":{");
  }

  @Test
  void doesNotTakeNothingKnownForNothingUnusual() {
    store(DISK_USAGE, "i-new", 1, i -> 41);

    assertThat(analyze("anomalies", "run-1", DISK).summary())
        .startsWith(
            "Anomalies at 2026-02-19 12:00 UTC: 0 of 1 series judged; 1 needs about 19 more"
                + " points.\n");
    assertThat(analyze("forecast", "run-1", DISK).summary())
        .startsWith(
            "Capacity at 2026-02-19 12:00 UTC: 0 of 1 series judged; 1 needs about 11 more"
                + " points.\n");
  }

  @Test
  void needsNoHistoryForAThresholdAndForADiskThatIsFullWithinTheHour() {
    history.points.put(
        Series.of(DISK_USAGE, "i-new"),
        IntStream.rangeClosed(0, 4)
            .mapToObj(i -> new Point(NOON.getEpochSecond() - 30 * (4 - i), 81 + 2.5 * i))
            .toList());

    assertThat(analyze("anomalies", "run-1", DISK).summary())
        .startsWith(
            """
            Anomalies at 2026-02-19 12:00 UTC: 1 finding in 1 series (1 warning; 1 new, 0 reported before); 0 of 1 series judged; 1 needs about 15 more points (7 minutes).
            WARNING new disk_usage i-new: 91 % is above the threshold of 90 % (1 point), since 2026-02-19 12:00 UTC
            """);
    assertThat(analyze("forecast", "run-1", DISK).summary())
        .startsWith(
            """
            Capacity at 2026-02-19 12:00 UTC: 1 of 1 series reaches its capacity within 30 days (1 critical; 1 new, 0 reported before).
            CRITICAL new disk_usage i-new: 88.5 % now, growing by 5 percentage points a minute: reaches 100 % in 1 minute, 2026-02-19 12:01 UTC""");
  }

  @Test
  void comparesNoOtherUnitWithALimitOrACapacityInPercent() {
    store(MEMORY_USAGE, "i-1", 240, i -> 8_000 + i % 20);
    store(MEMORY_USAGE, "i-2", 240, i -> 8_000 + i % 20);
    store(DISK_USAGE, "i-1", 240, i -> 99);
    history.units.put(MEMORY_USAGE, MetricUnit.MEGABYTES);

    Result anomalies = analyze("anomalies", "run-1", DISK, collected(MEMORY_USAGE));
    Result forecast = analyze("forecast", "run-1", DISK, collected(MEMORY_USAGE));

    assertThat(anomalies.summary())
        .isEqualTo(
            """
            Anomalies at 2026-02-19 12:00 UTC: 1 finding in 3 series (1 critical; 1 new, 0 reported before).
            CRITICAL new disk_usage i-1: 99 % is above the threshold of 90 % (240 points), since 2026-02-17 00:15 UTC
            Not judged by a limit: memory_usage (2 series): unit is Megabytes, the limit is in Percent
            Report: reports/2026/02/19/anomalies-run-1.json\
            """);
    assertThat(forecast.summary())
        .isEqualTo(
            """
            Capacity at 2026-02-19 12:00 UTC: nothing reaches its capacity within 30 days; 1 not growing; 1 of 3 series judged.
            Not forecast: memory_usage (2 series): unit is Megabytes, the capacity is in Percent
            Report: reports/2026/02/19/forecast-run-1.json\
            """);
    assertThat(reports.objects.get(anomalies.reportKey()))
        .contains(",\"not_judged\":\"unit is Megabytes, the limit is in Percent\"}")
        .contains("\"series_judged\":3,\n\"series_not_judged\":0,\n\"series_in_other_unit\":2,");
    assertThat(reports.objects.get(forecast.reportKey()))
        .contains("\"series_judged\":1,\n\"series_not_judged\":0,\n\"series_in_other_unit\":2,");
    assertThat(reports.objects.get(AnalyzeMetrics.chartsKey("run-1", NOON)).split("\"limits\""))
        .hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = MetricUnit.class,
      names = {"MEGABYTES", "NONE"})
  void comparesEachUnitWithALimitThatAUserHasSet(MetricUnit unit) {
    store(MEMORY_USAGE, "i-1", 240, i -> 97);
    history.units.put(MEMORY_USAGE, unit);
    AnalysisSettings own =
        AnalysisSettings.DEFAULTS
            .withThreshold(MEMORY_USAGE, Threshold.above(90))
            .withCapacity(MEMORY_USAGE, 95);
    AnalyzeMetrics verb = new AnalyzeMetrics(history, ledger, reports, own, clock);

    for (String analysis : List.of("anomalies", "forecast")) {
      Request request = request(analysis, "run-1", collected(MEMORY_USAGE));
      assertThat(verb.analyze(request, minute()).findings()).as(analysis).hasSize(1);
    }
  }

  @Test
  void namesTypesWithALimitOrACapacityThatNoBranchCollects() {
    store(CPU_UTILIZATION, "i-1", 100, i -> 40 + i % 5);
    MetricType queue = new MetricType("queue_depth");
    AnalysisSettings own =
        AnalysisSettings.DEFAULTS
            .withThreshold(new MetricType("cpu_utilisation"), Threshold.above(5))
            .withThreshold(queue, Threshold.above(5))
            .withThreshold(MEMORY_USAGE, Threshold.above(5))
            .withCapacity(new MetricType("disk_usag"), 100);
    AnalyzeMetrics verb = new AnalyzeMetrics(history, ledger, reports, own, clock);

    assertThat(verb.analyze(request("anomalies", "run-1", CPU), minute()).summary())
        .contains(
            "\nNot collected, but with a limit: cpu_utilisation (did you mean cpu_utilization?),"
                + " queue_depth\n");
    assertThat(verb.analyze(request("forecast", "run-1", CPU), minute()).summary())
        .contains("\nNot collected, but with a capacity: disk_usag (did you mean disk_usage?)\n");
    CollectionResult idle = collected("queue_depth", NOON, List.of());
    assertThat(verb.analyze(request("anomalies", "run-2", CPU, idle), minute()).summary())
        .as("collected, but there is nothing")
        .contains("\nNot collected, but with a limit: cpu_utilisation (did you mean")
        .doesNotContain(", queue_depth\n");
    CollectionResult failed = CollectionResult.failed("all", "Timeout");
    assertThat(verb.analyze(request("anomalies", "run-3", CPU, failed), minute()).summary())
        .doesNotContain("Not collected, but");
    assertThat(analyze("anomalies", "run-4", CPU).summary()).doesNotContain("Not collected, but");
  }

  @Test
  void writesTheReportThatTheGoldenFilesShow() {
    store(DISK_USAGE, "i-leak", 240, i -> 50 + 0.2 * i);
    history.points.put(
        Series.of(DISK_USAGE, "i-flat", Map.of("device", "/data")), points(50, i -> 41.25));
    ledger.open.put(
        "anomalies",
        List.of(
            AnalysisMark.open("disk_usage#i-gone", "threshold", NOON.minusSeconds(86_400)),
            AnalysisMark.open("disk_usage#i-leak", "threshold", NOON.minusSeconds(7_200))));

    assertThat(reports.objects.get(analyze("anomalies", "run-1", DISK, MEMORY_FAILED).reportKey()))
        .isEqualTo(golden("anomalies.json"));
    assertThat(reports.objects.get(analyze("forecast", "run-1", DISK, MEMORY_FAILED).reportKey()))
        .isEqualTo(golden("forecast.json"));
  }

  @Test
  void writesTheSameBytesAndTellsTheSameWhenARunIsTriedAgain() {
    store(DISK_USAGE, "i-full", 100, i -> 97);

    Result first = analyze("anomalies", "run-1", DISK);
    Map<String, String> written = Map.copyOf(reports.objects);
    List<AnalysisMark> open = ledger.open.get("anomalies");
    Result second = analyze("anomalies", "run-1", DISK);

    assertThat(second).isEqualTo(first);
    assertThat(second.findings()).extracting(TrackedFinding::state).containsExactly(State.NEW);
    assertThat(reports.objects).isEqualTo(written);
    assertThat(ledger.open.get("anomalies")).isEqualTo(open);
  }

  @Test
  void keepsMarksInItsReportAsEarlierVersionsDidAndStartsFromThemAgain() {
    store(DISK_USAGE, "i-1", 10, i -> 97);
    Instant before = NOON.minus(Duration.ofHours(4));
    ledger.open.put(
        "anomalies",
        List.of(
            AnalysisMark.open("disk_usage#i-1", "threshold", before),
            AnalysisMark.over("disk_usage#i-1", "anomaly", before),
            AnalysisMark.analyzedUntil("disk_usage#i-1", before)));

    Result first = analyze("anomalies", "run-1", DISK);
    String written = reports.objects.get(first.reportKey());
    ledger.open.clear();
    Result second = analyze("anomalies", "run-1", DISK);

    assertThat(written)
        .contains(
            """
            "open_before":[
            {"series_id":"disk_usage#i-1","detector":"anomaly-over","start":"2026-02-19T08:00:00Z"},
            {"series_id":"disk_usage#i-1","detector":"looked-at","start":"2026-02-19T08:00:00Z"},
            {"series_id":"disk_usage#i-1","detector":"threshold","start":"2026-02-19T08:00:00Z"}],
            """);
    assertThat(first.findings()).extracting(TrackedFinding::state).containsExactly(State.STILL);
    assertThat(second).isEqualTo(first);
    assertThat(reports.objects.get(first.reportKey())).isEqualTo(written);
  }

  @Test
  void tellsNewThenStillThenClosed() {
    IntToDoubleFunction hotUntilEleven = i -> i >= 190 && i < 196 ? 97 : 50;
    store(DISK_USAGE, "i-1", 201, hotUntilEleven);

    Result ten = analyze("anomalies", "run-1", at(NOON.minus(STEP.multipliedBy(9)), DISK));
    Result eleven = analyze("anomalies", "run-2", at(NOON.minus(STEP.multipliedBy(6)), DISK));
    Result twelve = analyze("anomalies", "run-3", at(NOON, DISK));

    // The last of 201 points is at noon, so the first of the episode 10 steps before it.
    Instant start = NOON.minus(STEP.multipliedBy(10));
    assertThat(threshold(ten).state()).isEqualTo(State.NEW);
    assertThat(threshold(ten).finding().start()).isEqualTo(start);
    assertThat(threshold(eleven).state()).isEqualTo(State.STILL);
    assertThat(threshold(eleven).finding().start()).isEqualTo(start);
    assertThat(eleven.summary()).contains("still disk_usage i-1");
    assertThat(twelve.findings()).isEmpty();
    assertThat(twelve.summary())
        .contains("nothing unusual in 1 series.")
        .contains("Closed: disk_usage#i-1 (anomaly), disk_usage#i-1 (threshold)");

    Result soon = analyze("anomalies", "run-4", at(NOON.plusSeconds(60), DISK));
    assertThat(soon.summary()).contains("nothing unusual").doesNotContain("Closed");

    Result later = analyze("anomalies", "run-5", at(NOON.plus(Duration.ofHours(5)), DISK));
    assertThat(later.summary()).doesNotContain("Closed");
    // By then it is silent.
    assertThat(ledger.findings("anomalies"))
        .containsExactly(AnalysisMark.open("disk_usage#i-1", "stale", NOON));
  }

  @Test
  void tellsOnceOfAnEpisodeThatBeganAndEndedBetweenRuns() {
    store(DISK_USAGE, "i-1", 101, i -> i == 95 ? 97 : 85);

    Result first = analyze("anomalies", "run-1", DISK);
    Result second = analyze("anomalies", "run-2", DISK);

    assertThat(threshold(first).state()).isEqualTo(State.NEW);
    assertThat(threshold(first).finding().ongoing()).isFalse();
    assertThat(first.summary())
        .contains(
            "97 % was above the threshold of 90 % (1 point), from 2026-02-19 10:45 UTC to 2026-02-19"
                + " 10:45 UTC");
    assertThat(second.findings()).isEmpty();
    assertThat(second.summary()).doesNotContain("Closed");
  }

  @Test
  void tellsWhatIsOverSinceTheLastLookHoweverLongAgo() {
    store(DISK_USAGE, "i-1", 101, i -> i == 70 ? 97 : 85);

    // The point is at 04:30: the runs of 06:00 and of 09:00 failed.
    analyze("anomalies", "run-1", at(NOON.minus(Duration.ofHours(9)), DISK));
    Result noon = analyze("anomalies", "run-2", DISK);
    Result later = analyze("anomalies", "run-3", at(NOON.plus(Duration.ofHours(3)), DISK));

    assertThat(threshold(noon).state()).isEqualTo(State.NEW);
    assertThat(noon.summary()).contains("from 2026-02-19 04:30 UTC to 2026-02-19 04:30 UTC");
    assertThat(later.summary()).doesNotContain("threshold").doesNotContain("above the limit");
  }

  @Test
  void saysOfALevelThatStaysThatItIsUsualByNow() {
    Random random = new Random(3);
    // The network has no limit. Its level rises fifty hours before noon and stays.
    store(NETWORK_TRAFFIC, "i-1", 1_000, i -> (i < 800 ? 50 : 80) + random.nextGaussian());

    Result risen = analyze("anomalies", "run-1", at(NOON.minus(Duration.ofHours(49)), NETWORK));
    Result usual = analyze("anomalies", "run-2", NETWORK);

    assertThat(risen.findings())
        .singleElement()
        .returns(true, tracked -> tracked.finding().ongoing());
    assertThat(usual.findings()).isEmpty();
    assertThat(usual.summary())
        .contains("\nStill present, now treated as normal: network_traffic#i-1 (anomaly)\n");
    assertThat(reports.objects.get(usual.reportKey()))
        .containsPattern("\"end\":\"2026-02-1[^\"]*\",\"became_usual\":true");
  }

  @Test
  void tellsNothingOfTheTimeBeforeItsFirstLookExceptOneWindow() {
    store(DISK_USAGE, "i-1", 101, i -> i == 70 ? 97 : 85);

    assertThat(analyze("anomalies", "run-1", DISK).findings()).isEmpty();
  }

  @Test
  void keepsTheFirstStartWhenTheHistoryMovesOn() {
    store(DISK_USAGE, "i-1", 400, i -> 97);
    Instant first = NOON.minus(Duration.ofDays(9));
    ledger.open.put("anomalies", List.of(AnalysisMark.open("disk_usage#i-1", "threshold", first)));

    Result result = analyze("anomalies", "run-1", DISK);

    assertThat(result.findings())
        .singleElement()
        .satisfies(
            tracked -> {
              assertThat(tracked.state()).isEqualTo(State.STILL);
              assertThat(tracked.finding().start()).isEqualTo(first);
            });
    assertThat(ledger.findings("anomalies"))
        .containsExactly(AnalysisMark.open("disk_usage#i-1", "threshold", first));
  }

  @Test
  void capsTheAnswerAndNotTheReport() {
    for (int i = 0; i < 45; i++) {
      double value = 91 + i * 0.1;
      store(DISK_USAGE, "i-%02d".formatted(i), 1, point -> value);
    }

    Result result = analyze("anomalies", "run-1", DISK);

    assertThat(result.findings()).hasSizeBetween(10, 20);
    assertThat(result.findings().get(0).finding().value()).isEqualTo(91 + 44 * 0.1);
    assertThat(result.summary())
        .contains("45 findings in 45 series")
        .contains("more in the report");
    assertThat(answerBytes(result)).isLessThan(8_192);
    assertThat(reports.objects.get(result.reportKey()).split("\"state\":\"NEW\"", -1)).hasSize(46);
  }

  @Test
  void capsAtTheNumberThatIsSet() {
    store(DISK_USAGE, "i-1", 1, i -> 97);
    store(DISK_USAGE, "i-2", 1, i -> 96);
    AnalyzeMetrics two =
        new AnalyzeMetrics(
            history,
            ledger,
            reports,
            AnalysisSettings.DEFAULTS.with(new Reporting(Duration.ofHours(3), 1, 4_096)),
            clock);

    Result result = two.analyze(request("anomalies", "run-1", DISK), minute());

    assertThat(result.findings())
        .singleElement()
        .returns("disk_usage#i-1", tracked -> tracked.finding().series().id());
    assertThat(result.summary()).contains("\nand 1 more in the report\n");
  }

  @Test
  void keepsTheAnswerSmallWhereNamesAreLong() {
    for (int i = 0; i < 30; i++) {
      history.points.put(
          Series.of(
              DISK_USAGE,
              "i-" + i,
              Map.of("a", "é".repeat(255), "b", "%".repeat(255), "c", "x".repeat(255))),
          points(1, point -> 97));
    }

    Result result = analyze("anomalies", "run-1", DISK);

    assertThat(result.findings()).isNotEmpty();
    assertThat(answerBytes(result)).isLessThan(8_192);
  }

  @Test
  void stopsReadingWhenTheTimeIsUp() {
    for (int i = 0; i < 10; i++) {
      store(DISK_USAGE, "i-" + i, 1, point -> 97);
    }
    List<AnalysisMark> before = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      before.add(AnalysisMark.open("disk_usage#i-" + i, "threshold", NOON.minusSeconds(3_600)));
    }
    ledger.open.put("anomalies", before);
    history.perRead = Duration.ofSeconds(10);

    // A minute less the five seconds for the report: the sixth read goes past it and still counts.
    Result result = analyze("anomalies", "run-1", DISK);

    assertThat(history.reads).hasSize(6);
    assertThat(result.findings()).hasSize(6);
    assertThat(result.summary())
        .contains("6 findings in 6 series (4 more not analyzed)")
        .contains("Open before, not analyzed now: disk_usage#i-4 (threshold), disk_usage#i-5 (thr")
        .contains("Skipped for lack of time: 4 series");
    assertThat(reports.objects.get(result.reportKey())).contains("\"series_skipped\":4");
    assertThat(ledger.findings("anomalies")).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void doesNotFailWhenThereIsNoTimeAtAll() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    Deadline passed = Deadline.after(Duration.ZERO, clock);

    Result result = analyzer().analyze(request("anomalies", "run-1", DISK), passed);

    assertThat(result.summary())
        .startsWith("Anomalies at 2026-02-19 12:00 UTC: no data, nothing could be analyzed.")
        .contains("Skipped for lack of time: all of disk_usage");
  }

  @Test
  void doesNotCallASlowReadAFailure() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    history.perRead = Duration.ofMinutes(2);
    history.failures.put("disk_usage#i-1", new RetryableFailureException("timed out"));

    assertThat(analyze("anomalies", "run-1", DISK).summary())
        .contains("Skipped for lack of time: 1 series");
  }

  @Test
  void losesNothingElseWhenASeriesCannotBeRead() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    store(DISK_USAGE, "i-2", 1, point -> 97);
    history.failures.put("disk_usage#i-1", new RetryableFailureException("the table\nis away"));
    AnalysisMark open = AnalysisMark.open("disk_usage#i-1", "threshold", NOON.minusSeconds(60));
    ledger.open.put("anomalies", List.of(open));

    Result result = analyze("anomalies", "run-1", DISK);

    assertThat(result.findings()).hasSize(1);
    assertThat(result.summary())
        .contains("1 finding in 1 series (1 more not analyzed)")
        .contains("Could not be read: 1, first disk_usage#i-1: the table is away");
    assertThat(reports.objects.get(result.reportKey()))
        .contains("{\"what\":\"disk_usage#i-1\",\"reason\":\"the table is away\"}");
    assertThat(ledger.findings("anomalies")).contains(open).hasSize(2);
  }

  @Test
  void losesNothingElseWhenATypeCannotBeListed() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    history.failures.put("cpu_utilization", new IllegalStateException("no such index"));
    AnalysisMark open = AnalysisMark.open("cpu_utilization#i-1", "anomaly", NOON.minusSeconds(60));
    ledger.open.put("anomalies", List.of(open));

    Result result = analyze("anomalies", "run-1", CPU, DISK);

    assertThat(result.findings()).hasSize(1);
    assertThat(result.summary())
        .contains("1 finding in 1 series (all of cpu_utilization not analyzed)")
        .contains("Open before, not analyzed now: cpu_utilization#i-1 (anomaly)")
        .contains("Could not be read: 1, first cpu_utilization: no such index");
    assertThat(ledger.findings("anomalies")).contains(open);
  }

  @Test
  void asksToBeTriedAgainWhenNothingCouldBeRead() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    history.failures.put("disk_usage#i-1", new IllegalStateException("the table is away"));

    assertThatThrownBy(() -> analyze("anomalies", "run-1", DISK))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "no series could be read for analysis 'anomalies', first 'disk_usage#i-1': the table"
                + " is away");
    assertThat(reports.objects).isEmpty();
    assertThat(ledger.open).isEmpty();
  }

  @Test
  void asksToBeTriedAgainWhenTheReportCannotBeWritten() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    reports.failsToWrite = true;

    assertThatThrownBy(() -> analyze("anomalies", "run-1", DISK))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "report 'reports/2026/02/19/anomalies-run-1.json' could not be written: disk full");
    assertThat(ledger.open).isEmpty();
  }

  @Test
  void asksToBeTriedAgainWhenItCannotTellWhetherItIsASecondTry() {
    reports.failsToRead = true;

    assertThatThrownBy(() -> analyze("anomalies", "run-1", DISK))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "report 'reports/2026/02/19/anomalies-run-1.json' could not be read: connection reset");
  }

  @Test
  void tellsTheSameAfterTheLedgerFailed() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    ledger.failsToReplace = true;
    assertThatThrownBy(() -> analyze("anomalies", "run-1", DISK))
        .isInstanceOf(RetryableFailureException.class);
    String written = reports.objects.get("reports/2026/02/19/anomalies-run-1.json");
    ledger.failsToReplace = false;

    Result result = analyze("anomalies", "run-1", DISK);

    assertThat(result.findings()).extracting(TrackedFinding::state).containsExactly(State.NEW);
    assertThat(reports.objects.get(result.reportKey())).isEqualTo(written);
  }

  @Test
  void leavesWhatANewerRunRemembers() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    List<AnalysisMark> newer =
        List.of(AnalysisMark.open("disk_usage#i-2", "threshold", NOON.plusSeconds(1)));
    ledger.open.put("anomalies", newer);

    analyze("anomalies", "run-1", DISK);

    assertThat(ledger.open.get("anomalies")).isEqualTo(newer);
  }

  @Test
  void doesNotWaitForARunThatIsDatedInTheFuture() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    Instant later = NOON.plus(Duration.ofDays(1_000));
    ledger.open.put("anomalies", List.of(AnalysisMark.analyzedUntil("disk_usage#i-1", later)));

    analyze("anomalies", "run-1", DISK);

    assertThat(ledger.findings("anomalies"))
        .containsExactly(AnalysisMark.open("disk_usage#i-1", "threshold", NOON));
  }

  @Test
  void replacesWhatIsNoReport() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    String key = "reports/2026/02/19/anomalies-run-1.json";
    for (String junk :
        List.of("not json", "[1]", "{}", "{\"run_id\":\"other\",\"open_before\":[]}")) {
      reports.objects.put(key, junk);
      ledger.open.clear();

      assertThat(analyze("anomalies", "run-1", DISK).findings()).hasSize(1);
      assertThat(reports.objects.get(key)).startsWith("{\"analysis\":\"anomalies\"");
    }
  }

  @Test
  void saysWhenThereIsNoData() {
    assertThat(analyze("anomalies", "run-1").summary())
        .startsWith("Anomalies at 2026-02-19 12:01 UTC: no data, nothing could be analyzed.\n");
    assertThat(analyze("anomalies", "run-2", DISK).summary())
        .contains("no data, nothing could be analyzed.\nNo recent series of: disk_usage\n");
    assertThat(analyze("forecast", "run-3", MEMORY_FAILED).summary())
        .contains("no data, nothing could be analyzed.\nNo data from: memory_usage (FAILED)\n");
    assertThat(analyze("forecast", "run-4", CPU).summary())
        .contains(": nothing to forecast: none of the collected types has a capacity.\nReport:");
  }

  @Test
  void doesNotLookAtSeriesThatFellSilentLongAgo() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    AnalysisMark open = AnalysisMark.open("disk_usage#i-1", "threshold", NOON);
    ledger.open.put("anomalies", List.of(open));

    Result result =
        analyze("anomalies", "run-1", at(NOON.plus(Duration.ofDays(1)).plusSeconds(1), DISK));

    assertThat(history.reads).isEmpty();
    assertThat(result.summary()).contains("Closed: disk_usage#i-1 (threshold)");
    assertThat(ledger.findings("anomalies")).isEmpty();
  }

  @Test
  void doesNotJudgeSilentSeriesThatAStoreStillLists() {
    store(DISK_USAGE, "i-1", 1, point -> 97);
    history.slack = Duration.ofDays(7);
    AnalysisMark open = AnalysisMark.open("disk_usage#i-1", "threshold", NOON);
    ledger.open.put("anomalies", List.of(open));

    Result result =
        analyze("anomalies", "run-1", at(NOON.plus(Duration.ofDays(1)).plusSeconds(1), DISK));

    assertThat(history.reads).hasSize(1);
    assertThat(result.findings()).isEmpty();
    assertThat(result.summary())
        .contains("No recent series of: disk_usage")
        .contains("Closed: disk_usage#i-1 (threshold)");
    assertThat(ledger.findings("anomalies")).isEmpty();
  }

  @Test
  void leavesTypesAloneThatWereNotCollected() {
    store(CPU_UTILIZATION, "i-1", 1, point -> 97);
    store(DISK_USAGE, "i-1", 1, point -> 50);
    AnalysisMark open = AnalysisMark.open("cpu_utilization#i-1", "threshold", NOON);
    ledger.open.put("anomalies", List.of(open));

    analyze("anomalies", "run-1", DISK);

    assertThat(history.reads).containsExactly("disk_usage#i-1");
    assertThat(ledger.findings("anomalies")).containsExactly(open);
  }

  @Test
  void findsTheTypesOfACollectionOfAll() {
    store(CPU_UTILIZATION, "i-1", 3, point -> 97);
    store(DISK_USAGE, "i-1", 1, point -> 97);
    CollectionResult all =
        collected(
            "all",
            NOON,
            List.of(
                new CollectedObject("k1", CPU_UTILIZATION, 1),
                new CollectedObject("k2", DISK_USAGE, 1)));

    assertThat(analyze("anomalies", "run-1", all).findings()).hasSize(2);
  }

  @Test
  void judgesATypeOfATeamsOwn() {
    MetricType queue = new MetricType("queue_depth");
    store(queue, "orders", 240, i -> 10 + 3 * i);
    AnalysisSettings settings = AnalysisSettings.DEFAULTS.withCapacity(queue, 1_000);

    Result result =
        new AnalyzeMetrics(history, ledger, reports, settings, clock)
            .analyze(request("forecast", "run-1", collected(queue)), minute());

    assertThat(result.findings())
        .singleElement()
        .returns(Severity.CRITICAL, tracked -> tracked.finding().severity());
  }

  @Test
  void startsElsewhereNextTimeSoThatNoSeriesAlwaysGoesShort() {
    for (int i = 0; i < 10; i++) {
      store(DISK_USAGE, "i-" + i, 1, point -> 50);
    }
    analyze("anomalies", "run-1", DISK);
    String first = history.reads.get(0);
    history.reads.clear();
    analyze("anomalies", "run-2", at(NOON.plus(Duration.ofHours(3)), DISK));

    assertThat(history.reads).hasSize(10).doesNotHaveDuplicates();
    assertThat(history.reads.get(0)).isNotEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "anomaly", "ANOMALIES"})
  void refusesAnAnalysisThatIsNotKnown(String analysis) {
    assertThatThrownBy(() -> analyze(analysis, "run-1", DISK))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("analysis '%s' is not known: use 'anomalies' or 'forecast'", analysis);
  }

  @Test
  void refusesARequestWithoutAnalysisOrRun() {
    assertThatThrownBy(() -> analyze(null, "run-1", DISK))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'null' is not known");
    assertThatThrownBy(() -> analyze("anomalies", null, DISK))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("run_id is missing");
    assertThatThrownBy(() -> analyze("anomalies", "a\nb", DISK))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("printable ASCII");
  }

  @Test
  void staysWithinTheBytesWithManyBadNames() {
    List<CollectionResult> collections = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      collections.add(CollectionResult.failed("(FAI\nLED)" + "\u20ac".repeat(300) + i, "Timeout"));
    }

    Result result = analyzer().analyze(new Request("anomalies", "run-1", collections), minute());

    assertThat(result.summary().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(4_096);
    assertThat(result.summary()).contains("and 492 more").contains("(FAI LED)");
  }

  private AnalyzeMetrics analyzer() {
    return new AnalyzeMetrics(history, ledger, reports, AnalysisSettings.DEFAULTS, clock);
  }

  private Result analyze(String analysis, String runId, CollectionResult... collections) {
    return analyzer().analyze(request(analysis, runId, collections), minute());
  }

  private static Request request(String analysis, String runId, CollectionResult... collections) {
    return new Request(analysis, runId, List.of(collections));
  }

  private Deadline minute() {
    return Deadline.after(Duration.ofMinutes(1), clock);
  }

  private static CollectionResult collected(MetricType type) {
    String key = "raw-metrics/2026/02/19/metrics-" + type + "-1771502400.json";
    return collected(type.name(), NOON, List.of(new CollectedObject(key, type, 1)));
  }

  private static CollectionResult collected(
      String type, Instant observedAt, List<CollectedObject> objects) {
    return new CollectionResult(
        type, "run-1", observedAt, null, Status.COLLECTED, objects, List.of(), null);
  }

  private static CollectionResult at(Instant observedAt, CollectionResult result) {
    return collected(result.metricType(), observedAt, result.objects());
  }

  private void store(MetricType type, String instance, int count, IntToDoubleFunction value) {
    history.points.put(Series.of(type, instance), points(count, value));
  }

  /** Points every quarter of an hour, the last at noon. */
  private static List<Point> points(int count, IntToDoubleFunction value) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Instant at = NOON.minus(STEP.multipliedBy(count - 1L - i));
      points.add(new Point(at.getEpochSecond(), value.applyAsDouble(i)));
    }
    return points;
  }

  private static TrackedFinding threshold(Result result) {
    return result.findings().stream()
        .filter(tracked -> tracked.finding().detector().equals("threshold"))
        .findFirst()
        .orElseThrow();
  }

  private static int answerBytes(Result result) {
    return result.findings().stream().mapToInt(AnalysisReport::bytes).sum()
        + result.findings().size()
        + result.summary().getBytes(StandardCharsets.UTF_8).length
        + result.reportKey().length()
        + 100;
  }

  private static String golden(String name) {
    String path = "/golden/analyze/" + name;
    try (InputStream in = AnalyzeMetricsTest.class.getResourceAsStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("golden file " + path, e);
    }
  }
}
