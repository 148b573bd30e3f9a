package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import io.inframetrics.testkit.memory.InMemoryDocuments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The capacity units of analyses, beside those of reads as they were before points were packed
 * (commit 7492208: one Query for the newest items of runs, and another for those that started up to
 * a day earlier). Both read the same table.
 */
final class AnalysisUnits implements AutoCloseable {

  private static final MetricType TYPE = MetricType.MEMORY_USAGE;
  private static final Duration BETWEEN_POINTS = Duration.ofMinutes(5);
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

  /** What an earlier release added to the points that it asked for. */
  private static final int EARLIER_MARGIN = 32;

  private final EmbeddedDynamoDb server = EmbeddedDynamoDb.start();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final DynamoDbClient client;
  private final String name = server.newTableName();
  private final ManualClock clock = ManualClock.at(START);
  private final DynamoDbStores stores;
  private final InMemoryDocuments reports = new InMemoryDocuments();
  private final int series;
  private final Duration period;
  private final boolean decimals;
  private int runs;

  AnalysisUnits(int series, Duration period, boolean decimals) {
    this.series = series;
    this.period = period;
    this.decimals = decimals;
    this.client =
        DynamoDbClient.builder()
            .endpointOverride(server.endpoint())
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();
    new DynamoDbTable(client, LocalTable.CALLS).createIfMissing(name, Deadlines.never());
    this.stores =
        new DynamoDbStores(
            client, name, LocalTable.CALLS, DynamoDbSettings.DEFAULTS, threads, clock);
  }

  /** Units by what consumed them, on average of some runs. */
  record Result(
      double runWrites, double writes, double earlier, double anomalies, double forecast) {}

  /** Writes as many days of runs, and then analyses {@code measured} runs after each other. */
  Result measure(Duration days, int measured) {
    // The list of series is written once, then as before.
    run();
    server.takeWriteUnits(name);
    long count = days.dividedBy(period);
    for (long i = 0; i < count; i++) {
      run();
    }
    double writes = server.takeWriteUnits(name);
    // An item of a run is less than a KB.
    double runWrites = (double) series * count;
    analyze(AnalyzeMetrics.ANOMALIES);
    analyze(AnalyzeMetrics.FORECAST);
    double anomalies = 0;
    double forecast = 0;
    double earlier = 0;
    int step = Math.max(1, 12 / measured);
    for (int i = 0; i < measured; i++) {
      for (int skipped = 0; skipped < step; skipped++) {
        run();
      }
      server.takeReadUnits(name);
      earlier += earlier();
      anomalies += analyze(AnalyzeMetrics.ANOMALIES);
      forecast += analyze(AnalyzeMetrics.FORECAST);
    }
    return new Result(
        runWrites, writes, earlier / measured, anomalies / measured, forecast / measured);
  }

  private void run() {
    runs++;
    Instant end = START.plus(period.multipliedBy(runs));
    clock.set(end.plusSeconds(20));
    CollectionRun run =
        new CollectionRun("0b0f5a3e-6a0e-4c44-9a3b-" + (100_000_000_000L + runs), end);
    List<Metric> metrics = new ArrayList<>();
    int points = (int) Math.max(1, period.dividedBy(BETWEEN_POINTS));
    for (int s = 0; s < series; s++) {
      Series one = Series.of(TYPE, "i-0abc1234567%06d".formatted(s));
      for (int p = points - 1; p >= 0; p--) {
        Instant at = end.minus(BETWEEN_POINTS.multipliedBy(p));
        double value = 40 + 10 * Math.sin(at.getEpochSecond() / 13_751.0) + s % 7;
        metrics.add(
            new Metric(
                one,
                at,
                decimals ? Math.round(value * 100) / 100.0 : value,
                MetricUnit.PERCENT,
                "eu-west-1",
                run));
      }
      if (metrics.size() + points > Batch.MAX_METRICS || s == series - 1) {
        if (!stores
            .metricRecordSink()
            .write(new Batch(end.minus(period), metrics, false), Deadlines.never())
            .isComplete()) {
          throw new IllegalStateException("a batch was not written");
        }
        metrics.clear();
      }
    }
  }

  private double analyze(String analysis) {
    server.takeReadUnits(name);
    Instant observedAt = START.plus(period.multipliedBy(runs));
    var collected =
        new CollectionResult(
            TYPE.name(),
            "run-" + runs,
            observedAt,
            null,
            CollectionResult.Status.COLLECTED,
            List.of(new CollectedObject("key-" + runs, TYPE, 1)),
            List.of(),
            null);
    String summary =
        new AnalyzeMetrics(
                stores.metricHistory(),
                stores.runLedger(),
                reports,
                AnalysisSettings.DEFAULTS,
                clock)
            .analyze(
                new AnalyzeMetrics.Request(analysis, "run-" + runs, List.of(collected)),
                Deadlines.never())
            .summary();
    if (summary.contains("could not be read")) {
      throw new IllegalStateException(summary);
    }
    return server.takeReadUnits(name);
  }

  /** The reads of the points of all series as they were in an earlier release. */
  private double earlier() {
    Instant now = START.plus(period.multipliedBy(runs));
    List<KnownSeries> all =
        stores.metricHistory().series(TYPE, now.minus(Duration.ofDays(1)), Deadlines.never());
    int limit = all.size() <= 300 ? 4_032 : 240;
    all.forEach(known -> earlierPoints(known.series().id(), now, limit));
    return server.takeReadUnits(name);
  }

  private void earlierPoints(String id, Instant now, int limit) {
    NavigableSet<Long> newest = new TreeSet<>();
    Map<String, AttributeValue> from = Map.of();
    do {
      Map<String, AttributeValue> start = from;
      var response =
          client.query(
              query ->
                  Table.between(
                          query,
                          id,
                          RecordItem.startText(now.minus(Duration.ofDays(31))),
                          RecordItem.startText(now) + "$")
                      .tableName(name)
                      .scanIndexForward(false)
                      .limit(limit + EARLIER_MARGIN)
                      .exclusiveStartKey(start.isEmpty() ? null : start));
      response
          .items()
          .forEach(
              item ->
                  PackedPoints.unpack(Attributes.bytes(item, RecordItem.POINTS))
                      .forEach(point -> newest.add(point.epochSecond())));
      from = response.lastEvaluatedKey();
      if (newest.size() >= limit) {
        long oldest = newest.descendingSet().stream().skip(limit - 1L).findFirst().orElseThrow();
        Map<String, AttributeValue> last = response.items().get(response.items().size() - 1);
        if (RecordItem.start(Key.of(last).sort()).getEpochSecond() + 86_400 < oldest) {
          return;
        }
      }
    } while (!from.isEmpty());
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
    server.close();
  }
}
