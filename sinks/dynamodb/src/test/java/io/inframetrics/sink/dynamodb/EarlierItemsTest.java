package io.inframetrics.sink.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A table that commit 7492208 wrote: twelve runs of five minutes of a processor, of which a later
 * run corrected two points; two runs of an hour of a disk; and what runs leave for the next.
 */
class EarlierItemsTest {

  private static final String ITEMS = "items-of-7492208.jsonl";
  private static final Instant START = Instant.parse("2026-02-19T00:00:00Z");
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
  private static final Series CPU = Series.of(MetricType.CPU_UTILIZATION, "i-0abc");
  private static final Series DISK =
      Series.of(MetricType.DISK_USAGE, "i-0abc", Map.of("device", "/"));

  private final LocalTable table = new LocalTable();
  private final ManualClock clock = ManualClock.at(START.plus(Duration.ofMinutes(125)));
  private final DynamoDbStores stores = table.stores(clock);
  private final Map<Long, Double> processor = new TreeMap<>();
  private final Map<Long, Double> disk = new TreeMap<>();

  @BeforeEach
  void write() throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    try (BufferedReader items =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(getClass().getResourceAsStream(ITEMS)),
                StandardCharsets.UTF_8))) {
      for (String item : items.lines().toList()) {
        String body = "{\"TableName\":\"%s\",\"Item\":%s}".formatted(table.name, item);
        HttpRequest put =
            HttpRequest.newBuilder(EmbeddedDynamoDb.shared().endpoint())
                .header("X-Amz-Target", "DynamoDB_20120810.PutItem")
                .header("Content-Type", "application/x-amz-json-1.0")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(put, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      }
    }
    for (int i = 1; i <= 12; i++) {
      processor.put(second(i), i == 3 || i == 4 ? 50.0 + i : i / 4.0);
    }
    for (int i = 1; i <= 24; i++) {
      disk.put(second(i), 80 + i / 8.0);
    }
  }

  @AfterEach
  void close() {
    table.close();
  }

  private static long second(int number) {
    return START.plus(FIVE_MINUTES.multipliedBy(number)).getEpochSecond();
  }

  @Test
  void isRead() {
    assertThat(points(CPU, 100)).isEqualTo(processor);
    assertThat(points(DISK, 100)).isEqualTo(disk);
    assertThat(points(DISK, 3)).containsOnlyKeys(second(22), second(23), second(24));
    assertThat(stores.metricHistory().series(MetricType.DISK_USAGE, START, Deadlines.never()))
        .containsExactly(new KnownSeries(DISK, MetricUnit.PERCENT, "eu-west-1"));
    assertThat(stores.runLedger().collectedUntil(MetricType.CPU_UTILIZATION, Deadlines.never()))
        .contains(START.plus(Duration.ofHours(1)));
    String key = "raw-metrics/2026/02/19/metrics-cpu_utilization-1771459200.json";
    assertThat(stores.runLedger().processed(List.of(key), Deadlines.never()))
        .containsExactly(
            Map.entry(key, new ProcessedMark(key, 12, 1, START.plus(Duration.ofMinutes(65)))));
    assertThat(stores.runLedger().analysisMarks("anomalies", Deadlines.never()))
        .containsExactlyInAnyOrder(
            AnalysisMark.stored(CPU.id(), "anomaly", START.plus(Duration.ofMinutes(15))),
            AnalysisMark.stored(DISK.id(), "threshold", START.plus(Duration.ofMinutes(20))));
  }

  @Test
  void isPackedWithWhatComesNext() {
    for (int i = 13; i <= 40; i++) {
      Instant end = Instant.ofEpochSecond(second(i));
      clock.set(end);
      CollectionRun run = new CollectionRun("run-" + i, end);
      Metric metric = new Metric(CPU, end, i / 4.0, MetricUnit.PERCENT, "eu-west-1", run);
      stores
          .metricRecordSink()
          .write(new Batch(end.minus(FIVE_MINUTES), List.of(metric), false), Deadlines.never());
      processor.put(second(i), i / 4.0);
    }
    assertThat(table.items()).anyMatch(PackedCell::isCell);

    assertThat(points(CPU, 100)).isEqualTo(processor);
    assertThat(points(CPU, 38)).hasSize(38).doesNotContainKeys(second(1), second(2));
  }

  private Map<Long, Double> points(Series series, int limit) {
    List<Point> points =
        stores
            .metricHistory()
            .points(series, Instant.EPOCH, clock.instant(), limit, Deadlines.never());
    Map<Long, Double> values = new TreeMap<>();
    points.forEach(point -> values.put(point.epochSecond(), point.value()));
    assertThat(values).hasSameSizeAs(points);
    return values;
  }
}
