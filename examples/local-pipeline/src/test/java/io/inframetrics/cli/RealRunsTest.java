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
import io.inframetrics.workflow.execution.TaskHandler;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What real runs request, in all of their states, and what the cost model says. */
@Timeout(900)
@Isolated("it counts by the log of the whole process")
class RealRunsTest {

  /** A Wednesday, when about as many items were not packed yet as at other times. */
  private static final Instant NOW = Instant.parse("2026-02-18T10:52:30Z");

  private static final Duration BETWEEN_POINTS = Duration.ofMinutes(5);
  private static final double WITHIN = 0.10;

  /** What is read of a series in a small fleet; the table has a day more. */
  private static final Duration READ = Duration.ofDays(14);

  /** Larger fleets have only so many points of each series read. */
  private static final int LARGE = 300;

  private static final int POINTS_IF_LARGE = 240;

  /** After this, series are packed in the same runs again. */
  private static final Duration PACKED_EVERY = Duration.ofHours(12);

  /** The three runs that are carried out have items too. */
  private static final int RUNS = 3;

  private final ManualClock clock = ManualClock.at(NOW);
  private final EmbeddedDynamoDb server = EmbeddedDynamoDb.shared();

  @TempDir Path data;

  @ParameterizedTest
  @CsvSource("180, 2, 1")
  void requestWhatTheCostModelSays(int minutes, int instances, int days) {
    compare(minutes, instances, days);
  }

  /**
   * With 200 instances, a type's file has about 10,000 observations, from which on it is read more
   * often.
   */
  @ParameterizedTest
  @Tag("soak")
  @CsvSource({"180, 2, 10", "180, 20, 1", "180, 240, 1", "15, 2, 1", "15, 20, 1", "5, 2, 1"})
  void requestWhatTheCostModelSaysOnOtherDays(int minutes, int instances, int days) {
    compare(minutes, instances, days);
  }

  /**
   * These take minutes each, some of them an hour. On days whose tables have the same items, as far
   * as they are read, the same runs are compared.
   */
  @ParameterizedTest
  @Tag("soak")
  @EnabledIfSystemProperty(named = "inframetrics.units", matches = "true")
  @Timeout(7_200)
  @CsvSource({
    "180, 2, 30",
    "180, 20, 10",
    "180, 20, 30",
    "180, 240, 10 30",
    "15, 2, 10",
    "15, 2, 30",
    "15, 20, 10",
    "15, 20, 30",
    "15, 200, 1",
    "15, 200, 10 30",
    "5, 2, 10",
    "5, 2, 30",
    "5, 20, 1",
    "5, 20, 10",
    "5, 20, 30",
    "5, 200, 1",
    "5, 200, 10 30",
    "1, 2, 1",
    "1, 2, 10",
    "1, 2, 30",
    "1, 20, 1",
    "1, 20, 10",
    "1, 20, 30",
    "1, 200, 1",
    "1, 200, 10 30"
  })
  void requestWhatTheCostModelSaysInLargeTables(int minutes, int instances, String days) {
    compare(minutes, instances, Stream.of(days.split(" ")).mapToInt(Integer::parseInt).toArray());
  }

  private void compare(int minutes, int instances, int... days) {
    Duration period = Duration.ofMinutes(minutes);
    try (StandInAccount account = new StandInAccount(clock)) {
      String table = account.newTableName();
      Map<String, String> environment = account.environment(account.newBucket(), table);
      environment.put("INFRAMETRICS_PERIOD", period.toString());
      environment.put("INFRAMETRICS_SOURCE", "synthetic");
      environment.put("INFRAMETRICS_ACCEPTED_METRICS", "true");
      environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "" + instances);
      clock.set(NOW.minus(period.multipliedBy(2)));
      run(environment, table);
      History history = writeHistory(table, period, days);
      clock.set(NOW.minus(period));
      run(environment, table);
      clock.set(NOW);
      Requests run = run(environment, table);
      double reads = run.reads + history.packingReads;
      double writes = run.writes + history.packingWrites;
      assertThat(run.counts.keySet())
          .allMatch(operation -> operation.matches("dynamodb:.*|s3:.*|cloudwatch:PutMetricData"));
      for (int day : days) {
        RunRequests model =
            RunRequests.of(period, history.series, instances, day, NOW, history.idBytes);
        String what =
            String.format(
                Locale.ROOT,
                "every %d minutes, %d series, day %d: read units %.1f and %.1f in the model (%+.1f"
                    + " %%), write units %.1f and %.1f (%+.1f %%), other requests %s",
                minutes,
                history.series,
                day,
                reads,
                model.readUnits(),
                100 * (model.readUnits() / reads - 1),
                writes,
                model.writeUnits(),
                100 * (model.writeUnits() / writes - 1),
                run.counts);
        System.out.println(what);
        assertThat(model.readUnits() / reads)
            .as("%s: %s", what, model.all())
            .isBetween(1 - WITHIN, 1 + WITHIN);
        assertThat(model.writeUnits() / writes)
            .as("%s: %s", what, model.all())
            .isBetween(1 - WITHIN, 1 + WITHIN);
        assertThat((double) run.count("s3:GetObject", "s3:HeadObject"))
            .as(what)
            .isEqualTo(model.objectReads());
        assertThat((double) run.count("s3:PutObject", "s3:CopyObject", "s3:ListObjectsV2"))
            .as(what)
            .isEqualTo(model.objectWrites());
        assertThat((double) run.count("cloudwatch:PutMetricData"))
            .as(what)
            .isEqualTo(model.metricWrites());
      }
    }
  }

  /**
   * What a run requested in its states. What the command requests before them, to see that all is
   * there, and after them, to print the newest values, no state requests.
   */
  private static final class Requests extends Handler {

    private static final Pattern OPERATION = Pattern.compile("operation=(\\S+)");

    private final Map<String, Integer> seen = new ConcurrentHashMap<>();
    private final Map<String, Integer> before = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private boolean isStarted;
    private double reads;
    private double writes;

    @Override
    public void publish(LogRecord record) {
      Matcher operation = OPERATION.matcher(String.valueOf(record.getMessage()));
      if (operation.find()) {
        seen.merge(operation.group(1), 1, Integer::sum);
      }
    }

    int count(String... operations) {
      return List.of(operations).stream().mapToInt(one -> counts.getOrDefault(one, 0)).sum();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private Requests run(Map<String, String> environment, String table) {
    Requests requests = new Requests();
    Logger log = Logger.getLogger(AwsCalls.class.getName());
    log.addHandler(requests);
    StandInAccount.Context around =
        new StandInAccount.Context(environment) {
          @Override
          public Clock clock() {
            return clock;
          }

          @Override
          public TaskHandler tasks(TaskHandler tasks) {
            return call -> {
              synchronized (requests) {
                if (!requests.isStarted) {
                  requests.isStarted = true;
                  requests.before.putAll(requests.seen);
                  server.takeReadUnits(table);
                  server.takeWriteUnits(table);
                }
              }
              try {
                return tasks.handle(call);
              } finally {
                synchronized (requests) {
                  requests.reads += server.takeReadUnits(table);
                  requests.writes += server.takeWriteUnits(table);
                  requests.counts.clear();
                  requests.seen.forEach(
                      (operation, count) ->
                          requests.counts.put(
                              operation, count - requests.before.getOrDefault(operation, 0)));
                  requests.counts.values().removeIf(count -> count == 0);
                }
              }
            };
          }
        };
    StandInAccount.Executed run;
    try {
      run =
          StandInAccount.execute(
              around, "run", "--store", "aws", "--create", "--source", "synthetic", "--data", data);
    } finally {
      log.removeHandler(requests);
    }
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    return requests;
  }

  /**
   * What was written.
   *
   * @param packingReads units of packing that a run of the last day has on average, beyond those of
   *     the run that has its turns
   */
  private record History(int series, double idBytes, double packingReads, double packingWrites) {}

  /** As many days of runs of the series that are there, up to now, of which some will be real. */
  private History writeHistory(String table, Duration period, int... days) {
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
        all.addAll(
            stores.metricHistory().series(type, NOW.minus(Duration.ofDays(1)), Deadlines.never()));
      }
      Duration between = period.compareTo(BETWEEN_POINTS) < 0 ? period : BETWEEN_POINTS;
      Duration longest =
          (all.size() > LARGE ? between.multipliedBy(POINTS_IF_LARGE) : READ).plusDays(1);
      Duration allDays = Duration.ofDays(days[0]);
      if (days.length > 1) {
        assertThat(longest).as("of what is read, all on each of the days").isLessThan(allDays);
      }
      Duration written = allDays.compareTo(longest) < 0 ? allDays : longest;
      long lastDay = Duration.ofDays(1).dividedBy(period);
      List<Double> reads = new ArrayList<>();
      List<Double> writes = new ArrayList<>();
      for (long ago = written.dividedBy(period); ago > RUNS - 1; ago--) {
        Instant end = NOW.minus(period.multipliedBy(ago));
        clock.set(end);
        for (MetricType type : MetricType.builtIn()) {
          write(
              stores,
              all.stream().filter(one -> one.series().type().equals(type)).toList(),
              end,
              period);
        }
        double read = server.takeReadUnits(table);
        double wrote = server.takeWriteUnits(table);
        if (ago <= lastDay && ago < written.dividedBy(period)) {
          reads.add(read);
          writes.add(wrote);
        }
      }
      int earlier = Math.toIntExact(reads.size() - 1 + RUNS - PACKED_EVERY.dividedBy(period));
      double idBytes =
          all.stream().mapToInt(one -> one.series().id().length()).average().orElseThrow();
      return new History(all.size(), idBytes, aboveOne(reads, earlier), aboveOne(writes, earlier));
    } finally {
      threads.shutdownNow();
    }
  }

  private static double aboveOne(List<Double> units, int one) {
    return units.stream().mapToDouble(unit -> unit).average().orElse(0) - units.get(one);
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
    if (!metrics.isEmpty()) {
      stores.metricRecordSink().write(new Batch(start, metrics, false), Deadlines.never());
    }
  }
}
