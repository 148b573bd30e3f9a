package io.inframetrics.cli.earlier;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.dynamodb.DynamoDbSettings;
import io.inframetrics.sink.dynamodb.DynamoDbStores;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.memory.InMemoryDocuments;
import io.inframetrics.time.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The pipeline of this version; that of an earlier one is in {@code EarlierDriver.java.txt}. */
public final class CurrentDriver implements StoreDriver {

  private static final MetricType TYPE = MetricType.MEMORY_USAGE;
  private static final Duration BETWEEN_POINTS = Duration.ofMinutes(5);

  private final int series;
  private final Duration period;
  private final ManualClock clock = ManualClock.at(START);
  private final MetricRecordSink records;
  private final MetricHistory history;
  private final RunLedger ledger;
  private final InMemoryDocuments reports = new InMemoryDocuments();
  private final List<Runnable> toClose = new ArrayList<>();
  private long readNanos;

  /** A table, which is made if it is missing. */
  public CurrentDriver(
      Map<String, String> environment, String table, Integer series, Duration period) {
    this.series = series;
    this.period = period;
    AwsClients clients = AwsClients.fromEnvironment(environment);
    DynamoDbClient client = clients.build("dynamodb", DynamoDbClient.builder());
    ExecutorService threads = Executors.newFixedThreadPool(2);
    toClose.addAll(List.of(threads::shutdownNow, client::close, clients::close));
    AwsCalls calls = new AwsCalls(CallSettings.DEFAULTS, new Random(1), time -> {});
    new DynamoDbTable(client, calls).createIfMissing(table, Deadlines.never());
    DynamoDbStores stores =
        new DynamoDbStores(client, table, calls, DynamoDbSettings.DEFAULTS, threads, clock);
    records = stores.metricRecordSink();
    history = stores.metricHistory();
    ledger = stores.runLedger();
  }

  /** A data folder, which is made if it is missing. */
  public CurrentDriver(Path folder, Integer series, Duration period) {
    this.series = series;
    this.period = period;
    LocalStores stores = LocalStores.open(folder, clock);
    toClose.add(stores::close);
    records = stores.metricRecordSink();
    history = stores.metricHistory();
    ledger = stores.runLedger();
  }

  @Override
  public void run(int number) {
    Instant end = end(number);
    CollectionRun run =
        new CollectionRun("0b0f5a3e-6a0e-4c44-9a3b-" + (100_000_000_000L + number), end);
    List<Metric> metrics = new ArrayList<>();
    int points = (int) Math.max(1, period.dividedBy(BETWEEN_POINTS));
    for (int s = 0; s < series; s++) {
      Series one = Series.of(TYPE, String.format("i-0abc1234567%06d", s));
      for (int p = points - 1; p >= 0; p--) {
        Instant at = end.minus(BETWEEN_POINTS.multipliedBy(p));
        double value = 40 + 10 * Math.sin(at.getEpochSecond() / 13_751.0) + s % 7;
        double rounded = Math.round(value * 100) / 100.0;
        metrics.add(new Metric(one, at, rounded, MetricUnit.PERCENT, "eu-west-1", run));
      }
      if (metrics.size() + points > Batch.MAX_METRICS || s == series - 1) {
        Batch batch = new Batch(end.minus(period), metrics, false);
        if (!records.write(batch, Deadlines.never()).isComplete()) {
          throw new IllegalStateException("a batch was not written");
        }
        metrics.clear();
      }
    }
    ledger.advanceCollectedUntil(TYPE, end, Deadlines.never());
  }

  private Instant end(int number) {
    Instant end = START.plus(period.multipliedBy(number));
    clock.set(end.plusSeconds(20));
    return end;
  }

  @Override
  public long analyze(int number, String analysis) {
    Instant observedAt = end(number);
    String run = "run-" + number;
    CollectionResult collected =
        new CollectionResult(
            TYPE.name(),
            run,
            observedAt,
            null,
            CollectionResult.Status.COLLECTED,
            List.of(new CollectedObject("key-" + number, TYPE, 1)),
            List.of(),
            null);
    CountedHistory counted = new CountedHistory(history);
    String summary =
        new AnalyzeMetrics(counted, ledger, reports, AnalysisSettings.DEFAULTS, clock)
            .analyze(
                new AnalyzeMetrics.Request(analysis, run, List.of(collected)), Deadlines.never())
            .summary();
    if (summary.contains("could not be read")) {
      throw new IllegalStateException(summary);
    }
    readNanos = counted.nanos;
    return counted.points;
  }

  private static final class CountedHistory implements MetricHistory {

    private final MetricHistory history;
    private long points;
    private long nanos;

    CountedHistory(MetricHistory history) {
      this.history = history;
    }

    @Override
    public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
      return history.series(type, since, deadline);
    }

    @Override
    public List<Point> points(
        Series series, Instant from, Instant to, int limit, Deadline deadline) {
      long started = System.nanoTime();
      List<Point> read = history.points(series, from, to, limit, deadline);
      nanos += System.nanoTime() - started;
      points += read.size();
      return read;
    }
  }

  @Override
  public double readMillis() {
    return readNanos / 1e6;
  }

  @Override
  public Map<String, SortedMap<Long, Double>> points(int number, int limit) {
    Instant now = end(number);
    Map<String, SortedMap<Long, Double>> all = new TreeMap<>();
    for (MetricHistory.KnownSeries known :
        history.series(TYPE, now.minus(Duration.ofDays(1)), Deadlines.never())) {
      SortedMap<Long, Double> points = new TreeMap<>();
      history
          .points(known.series(), now.minus(Duration.ofDays(40)), now, limit, Deadlines.never())
          .forEach(point -> points.put(point.epochSecond(), point.value()));
      all.put(known.series().id(), points);
    }
    return all;
  }

  @Override
  public Instant collectedUntil() {
    return ledger.collectedUntil(TYPE, Deadlines.never()).orElseThrow();
  }

  @Override
  public void close() {
    toClose.forEach(Runnable::run);
  }
}
