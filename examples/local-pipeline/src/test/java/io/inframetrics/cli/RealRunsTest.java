package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.cost.RunRequests;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.dynamodb.DynamoDbSettings;
import io.inframetrics.sink.dynamodb.DynamoDbStores;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * What real runs consume in the table, and what the cost model says: a study that takes a long
 * time, so it also asks for {@code -Dinframetrics.units=true}.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "inframetrics.units", matches = "true")
@Timeout(900)
class RealRunsTest {

  private static final Duration BETWEEN_POINTS = Duration.ofMinutes(5);
  private static final double WITHIN = 0.10;

  private final EmbeddedDynamoDb server = EmbeddedDynamoDb.shared();

  @TempDir Path data;

  @ParameterizedTest
  @CsvSource({"180, 2, 1", "180, 2, 10", "180, 2, 30", "5, 2, 1"})
  void consumeWhatTheCostModelSays(int minutes, int instances, int days) {
    compare(minutes, instances, days);
  }

  @ParameterizedTest
  @CsvSource({"180, 20, 30", "180, 200, 3", "15, 2, 10", "5, 20, 4", "1, 2, 1"})
  void consumeWhatTheCostModelSaysInLargerFleets(int minutes, int instances, int days) {
    compare(minutes, instances, days);
  }

  private void compare(int minutes, int instances, int days) {
    Duration period = Duration.ofMinutes(minutes);
    try (StandInAccount account = new StandInAccount()) {
      String table = account.newTableName();
      Map<String, String> environment = account.environment(account.newBucket(), table);
      environment.put("INFRAMETRICS_PERIOD", period.toString());
      environment.put("INFRAMETRICS_SOURCE", "synthetic");
      environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "" + instances);
      run(environment);
      int series = writeHistory(table, period, days);
      forgetWindows(table);
      run(environment);
      double reads = 0;
      double writes = 0;
      int runs = 3;
      server.takeReadUnits(table);
      server.takeWriteUnits(table);
      for (int i = 0; i < runs; i++) {
        forgetWindows(table);
        server.takeWriteUnits(table);
        run(environment);
        reads += server.takeReadUnits(table) / runs;
        writes += server.takeWriteUnits(table) / runs;
      }
      RunRequests model = RunRequests.of(period, series, instances, days);
      String what =
          String.format(
              Locale.ROOT,
              "every %d minutes, %d series, day %d: read units %.1f and %.1f in the model, write"
                  + " units %.1f and %.1f",
              minutes,
              series,
              days,
              reads,
              model.readUnits(),
              writes,
              model.writeUnits());
      System.out.println(what);
      assertThat(model.readUnits() / reads)
          .as("%s: %s", what, model.all())
          .isBetween(1 - WITHIN, 1 + WITHIN);
      assertThat(model.writeUnits() / writes).as(what).isBetween(1 - WITHIN, 1 + WITHIN);
    }
  }

  private void run(Map<String, String> environment) {
    var run =
        StandInAccount.execute(
            environment,
            "run",
            "--store",
            "aws",
            "--create",
            "--source",
            "synthetic",
            "--data",
            data);
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
  }

  /** So that the next run collects a whole period, and not what is new since the last one. */
  private void forgetWindows(String table) {
    try (AwsClients clients = AwsClients.fromEnvironment(server.environment());
        DynamoDbClient client = clients.build("dynamodb", DynamoDbClient.builder())) {
      for (MetricType type : MetricType.builtIn()) {
        WriteRequest delete =
            WriteRequest.builder()
                .deleteRequest(
                    request ->
                        request.key(
                            Map.of(
                                "series_id", AttributeValue.fromS("@collected#" + type),
                                "window_start", AttributeValue.fromS("-"))))
                .build();
        client.batchWriteItem(write -> write.requestItems(Map.of(table, List.of(delete))));
      }
    }
  }

  /** As many days of runs of the series that are there, up to now; returns their number. */
  private int writeHistory(String table, Duration period, int days) {
    Instant now = Instant.now();
    ManualClock clock = ManualClock.at(now);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (AwsClients clients = AwsClients.fromEnvironment(server.environment());
        DynamoDbClient client = clients.build("dynamodb", DynamoDbClient.builder())) {
      DynamoDbStores stores =
          new DynamoDbStores(
              client,
              table,
              new AwsCalls(CallSettings.DEFAULTS, new Random(1), time -> {}),
              DynamoDbSettings.DEFAULTS,
              threads,
              clock);
      List<KnownSeries> all = new ArrayList<>();
      for (MetricType type : MetricType.builtIn()) {
        List<KnownSeries> known =
            stores.metricHistory().series(type, now.minus(Duration.ofDays(1)), Deadlines.never());
        all.addAll(known);
        long runs = Duration.ofDays(days).dividedBy(period);
        for (long ago = runs; ago > 0; ago--) {
          write(stores, known, now.minus(period.multipliedBy(ago)), period);
        }
      }
      return all.size();
    } finally {
      threads.shutdownNow();
    }
  }

  private static void write(
      DynamoDbStores stores, List<KnownSeries> all, Instant end, Duration period) {
    CollectionRun run =
        new CollectionRun("0b0f5a3e-6a0e-4c44-9a3b-" + end.getEpochSecond() + "00", end);
    Instant start = end.minus(period);
    List<Metric> metrics = new ArrayList<>();
    for (KnownSeries known : all) {
      double value = 40 + 10 * Math.sin(end.getEpochSecond() / 13_751.0);
      Instant at = end;
      List<Metric> own = new ArrayList<>();
      for (; at.isAfter(start); at = at.minus(BETWEEN_POINTS)) {
        own.add(0, new Metric(known.series(), at, value, known.unit(), known.region(), run));
      }
      metrics.addAll(own);
      if (metrics.size() > Batch.MAX_METRICS - 100) {
        stores.metricRecordSink().write(new Batch(start, metrics, false), Deadlines.never());
        metrics.clear();
      }
    }
    stores.metricRecordSink().write(new Batch(start, metrics, false), Deadlines.never());
  }
}
