package io.inframetrics.pipeline.analysis;

import static io.inframetrics.metric.MetricType.CPU_UTILIZATION;
import static io.inframetrics.metric.MetricType.DISK_USAGE;
import static io.inframetrics.metric.MetricType.NETWORK_TRAFFIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.anomaly.AnomalyDetector.Range;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Request;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.History;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Ledger;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.Reports;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.TickingClock;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnalysisChartsTest {

  private static final Instant NOON = Instant.parse("2026-02-19T12:00:00Z");
  private static final String CHARTS = "reports/2026/02/19/charts-run-1.json";
  private static final String FORECASTS = "reports/2026/02/19/charts-forecast-run-1.json";

  private final TickingClock clock = new TickingClock(NOON.plusSeconds(90));
  private final History history = new History(clock);
  private final Reports reports = new Reports();
  private final AnalyzeMetrics analyzer =
      new AnalyzeMetrics(history, new Ledger(), reports, AnalysisSettings.DEFAULTS, clock);

  @Test
  void drawsEverySeriesThatWasRead() {
    history.points.put(
        Series.of(CPU_UTILIZATION, "i-1", Map.of("core", "0")),
        points(3, i -> new double[] {12.5, 20, 98.25}[i]));
    store(NETWORK_TRAFFIC, "i-1", 1, i -> 5);

    analyze(AnalyzeMetrics.ANOMALIES);

    assertThat(reports.objects.get(CHARTS))
        .isEqualTo(
            """
            {"run_id":"run-1",
            "observed_at":"2026-02-19T12:00:00Z",
            "charts":[
            {"series_id":"network_traffic#i-1","metric_type":"network_traffic",\
            "instance_id":"i-1","region":"eu-west-1","unit":"Megabits/Second",\
            "points":1,"from":1771502370,"step":60,"low":5,"high":5,"tops":"AAE="},
            {"series_id":"cpu_utilization#i-1#core=0","metric_type":"cpu_utilization",\
            "instance_id":"i-1","dimensions":{"core":"0"},"region":"eu-west-1","unit":"Percent",\
            "points":3,"from":1771501650,"step":300,"low":12.5,"high":98.25,"tops":"AAEWZf//",\
            "limits":[{"severity":"warning","value":80},{"severity":"critical","value":95}]}],
            "series_left_out":0}
            """);
  }

  @Test
  void drawsNothingOfAnEmptyFleet() {
    analyze(AnalyzeMetrics.ANOMALIES);

    assertThat(reports.objects.get(CHARTS)).contains("\"charts\":[],\n\"series_left_out\":0}");
  }

  @Test
  void showsWhatIsUsualWhereSomethingIsNot() {
    store(CPU_UTILIZATION, "i-calm", 2_000, i -> 40 + i % 5);
    store(CPU_UTILIZATION, "i-hot", 2_000, i -> i < 1_998 ? 40 + i % 5 : 99);

    analyze(AnalyzeMetrics.ANOMALIES);

    assertThat(chart(CHARTS, "i-calm")).contains("\"points\":2000").doesNotContain("expected");
    assertThat(values(chart(CHARTS, "i-calm"), "\"tops\"")).hasSizeBetween(110, 120);
    String hot = chart(CHARTS, "i-hot");
    List<Double> tops = values(hot, "\"tops\"");
    List<Double> usualTops = values(hot, "\"expected\":{\"tops\"");
    List<Double> usualBottoms =
        values(hot.replaceAll("\"tops\":\"[^\"]*\",\"bottoms\":.*expected", ""), "\"bottoms\"");
    assertThat(tops).hasSizeBetween(600, 720);
    assertThat(usualTops).hasSameSizeAs(tops);
    int last = tops.size() - 1;
    assertThat(tops.get(last)).isEqualTo(99).isGreaterThan(usualTops.get(last));
    assertThat(
            IntStream.range(10, last)
                .filter(i -> tops.get(i) <= usualTops.get(i) && tops.get(i) >= usualBottoms.get(i)))
        .hasSizeGreaterThan(last - 15);
    assertThat(usualTops.get(0)).isNaN();
  }

  @Test
  void drawsWhatWillBeFullTheSoonestFirst() {
    store(DISK_USAGE, "i-flat", 240, i -> 40);
    for (int n = 1; n <= 210; n++) {
      double growth = 0.2 - 0.0009 * n;
      store(DISK_USAGE, "i-%03d".formatted(n), 240, i -> 50 + growth * i);
    }

    analyze(AnalyzeMetrics.FORECAST);

    String document = reports.objects.get(FORECASTS);
    List<String> lines = document.lines().filter(line -> line.startsWith("{\"series_id")).toList();
    assertThat(lines).hasSize(200);
    assertThat(lines.get(0))
        .contains("#i-001\"")
        .contains("\"forecast\":{\"outcome\":\"EXHAUSTS\"");
    assertThat(lines.get(199)).contains("#i-200\"");
    assertThat(document).contains("\"series_left_out\":10}").doesNotContain("i-flat");
  }

  @Test
  void keepsTheDocumentSmallInALargeFleet() {
    CollectionRun run = new CollectionRun("run-1", NOON);
    List<Point> points = points(300, i -> 10 + i % 17);
    List<Range> usual = Collections.nCopies(300, new Range(9.5, 27.5));
    Deadline deadline = Deadline.after(Duration.ofMinutes(5), clock);
    try (AnalysisCharts charts = new AnalysisCharts(reports, CHARTS, run, Map.of(), deadline)) {
      for (int i = 0; i < 5_000; i++) {
        Series series = Series.of(CPU_UTILIZATION, "i-" + i);
        KnownSeries known = new KnownSeries(series, MetricUnit.PERCENT, "eu-west-1");
        boolean news = i % 20 == 0;
        charts.add(
            known,
            new SeriesHistory(series, MetricUnit.PERCENT, points),
            news ? () -> usual : null);
      }
      assertThat(charts.finish()).isNull();
    }

    String document = reports.objects.get(CHARTS);
    List<String> lines = document.lines().filter(line -> line.startsWith("{\"series_id")).toList();
    List<String> ofNews = lines.stream().filter(line -> line.contains("expected")).toList();
    assertThat(ofNews).hasSize(200);
    assertThat(document.length() - ofNews.stream().mapToInt(String::length).sum())
        .isBetween(3_900_000, 4_010_000);
    assertThat(document).endsWith("\"series_left_out\":" + (5_000 - lines.size()) + "}\n");
  }

  private void analyze(String analysis) {
    List<CollectionResult> collections = new ArrayList<>();
    for (MetricType type : List.of(CPU_UTILIZATION, DISK_USAGE, NETWORK_TRAFFIC)) {
      CollectedObject object = new CollectedObject("raw-metrics/" + type, type, 1);
      collections.add(
          new CollectionResult(
              type.name(),
              "run-1",
              NOON,
              null,
              Status.COLLECTED,
              List.of(object),
              List.of(),
              null));
    }
    analyzer.analyze(
        new Request(analysis, "run-1", collections), Deadline.after(Duration.ofMinutes(5), clock));
  }

  private void store(MetricType type, String instance, int count, IntToDoubleFunction value) {
    history.points.put(Series.of(type, instance), points(count, value));
  }

  /** Every five minutes, the last at noon. */
  private static List<Point> points(int count, IntToDoubleFunction value) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> new Point(NOON.getEpochSecond() - 300L * (count - 1 - i), value.applyAsDouble(i)))
        .toList();
  }

  private String chart(String key, String instance) {
    return reports
        .objects
        .get(key)
        .lines()
        .filter(line -> line.contains('"' + instance + '"'))
        .findFirst()
        .orElseThrow();
  }

  private static List<Double> values(String chart, String name) {
    return SeriesChartTest.values(
        number(chart, "low"),
        number(chart, "high"),
        Base64.getDecoder().decode(after(chart, name + ":\"", "\"")));
  }

  private static double number(String chart, String name) {
    return Double.parseDouble(after(chart, "\"" + name + "\":", ","));
  }

  private static String after(String chart, String start, String end) {
    int from = chart.indexOf(start) + start.length();
    return chart.substring(from, chart.indexOf(end, from));
  }
}
