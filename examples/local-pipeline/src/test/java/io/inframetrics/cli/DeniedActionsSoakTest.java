package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.cli.StandInAccount.Executed;
import io.inframetrics.cli.monitor.StopRequest;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.sink.dynamodb.DynamoDbSettings;
import io.inframetrics.sink.dynamodb.DynamoDbStores;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.FaultProxy;
import io.inframetrics.testkit.aws.ProxiedRequest;
import io.inframetrics.testkit.aws.PutMetricData;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A monitor with {@code --store aws} to which AWS denies another action in most of its runs. In the
 * end no record is lost or there twice, and the monitor has not stopped by itself.
 *
 * <p>Takes about half a minute. {@code -Dinframetrics.soak.seconds=600} makes it ten minutes, 3600
 * an hour; {@code -Dinframetrics.soak.seed=N} repeats the denials of another time.
 */
@Tag("soak")
@Timeout(7_200)
class DeniedActionsSoakTest {

  private static final Instant START = Instant.parse("2026-02-19T06:00:00Z");
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final int RUNS_WITHOUT_TROUBLE = 3;

  private final long seed = Long.getLong("inframetrics.soak.seed", System.nanoTime());
  private final Duration time = Duration.ofSeconds(Long.getLong("inframetrics.soak.seconds", 30));

  @TempDir Path folder;

  /** What is denied: the service of the proxy, and which of its requests. */
  private enum Denied {
    STORE_RAW_FILE("S3", request -> isObject(request, "PUT", "raw-metrics/")),
    READ_RAW_FILE("S3", request -> isObject(request, "GET", "raw-metrics/")),
    STORE_REPORT("S3", request -> isObject(request, "PUT", "reports/")),
    READ_REPORT("S3", request -> isObject(request, "GET", "reports/")),
    UPDATE_ITEM("DYNAMODB", request -> request.target().endsWith(".UpdateItem")),
    PUT_ITEM("DYNAMODB", request -> request.target().endsWith(".PutItem")),
    BATCH_WRITE("DYNAMODB", request -> request.target().endsWith(".BatchWriteItem")),
    BATCH_GET("DYNAMODB", request -> request.target().endsWith(".BatchGetItem")),
    QUERY("DYNAMODB", request -> request.target().endsWith(".Query")),
    PUBLISH_POINTS("CLOUDWATCH", request -> true),
    SEND_MESSAGE("SNS", request -> true);

    private final String service;
    private final Predicate<ProxiedRequest> denies;

    Denied(String service, Predicate<ProxiedRequest> denies) {
      this.service = service;
      this.denies = denies;
    }

    private static boolean isObject(ProxiedRequest request, String method, String prefix) {
      return request.method().equals(method) && request.path().contains("/" + prefix);
    }

    Fault fault(ProxiedRequest request) {
      if (!request.service().equals(service) || !denies.test(request)) {
        return Fault.PASS;
      }
      return switch (service) {
        case "S3" -> answer(403, "application/xml", "<Error><Code>AccessDenied</Code></Error>");
        case "DYNAMODB" ->
            answer(
                400,
                "application/x-amz-json-1.0",
                "{\"__type\":\"x#AccessDeniedException\",\"message\":\"not authorized\"}");
        case "SNS" ->
            answer(
                403,
                "text/xml",
                "<ErrorResponse><Error><Code>AuthorizationError</Code></Error></ErrorResponse>");
        default ->
            Fault.answer(403, Map.of("x-amzn-query-error", "AccessDenied;Sender"), new byte[0]);
      };
    }

    private static Fault answer(int status, String type, String body) {
      return Fault.answer(
          status, Map.of("Content-Type", type), body.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void noRecordIsLostOrThereTwiceAndTheMonitorGoesOn() throws Exception {
    System.out.printf(
        "-Dinframetrics.soak.seed=%d -Dinframetrics.soak.seconds=%d%n", seed, time.toSeconds());
    ManualClock clock = ManualClock.at(START);
    List<FaultProxy> proxies = new ArrayList<>();
    FaultPlan plan = FaultPlan.passing();
    try (StandInAccount account = new StandInAccount(clock)) {
      String bucket = account.newBucket();
      String table = account.newTableName();
      Map<String, String> environment = environment(account, bucket, table, "Troubled");
      Map<String, String> denied = new TreeMap<>(environment);
      for (String service : List.of("S3", "DYNAMODB", "CLOUDWATCH", "SNS")) {
        String variable = "AWS_ENDPOINT_URL_" + service;
        URI upstream = URI.create(environment.get(variable));
        FaultProxy proxy =
            FaultProxy.start(
                service, new InetSocketAddress(upstream.getHost(), upstream.getPort()), plan);
        proxies.add(proxy);
        denied.put(variable, proxy.uri().toString());
      }
      Troubled around = new Troubled(denied, clock, plan);
      Executed monitor = run(around, folder.resolve("troubled"), around.runs());
      assertThat(monitor.exitCode()).as(monitor.err()).isIn(0, 1);
      assertThat(monitor.err() + monitor.out()).doesNotContain("\n\tat ");
      assertThat(monitor.out().lines().filter(line -> line.startsWith("run ")))
          .as("seed %d", seed)
          .hasSize(around.runs());

      Instant end = clock.instant();
      String otherBucket = account.newBucket();
      String otherTable = account.newTableName();
      clock.set(START);
      Executed undisturbed =
          run(
              new Calm(environment(account, otherBucket, otherTable, "Calm"), clock, end),
              folder.resolve("calm"),
              2);
      assertThat(undisturbed.exitCode()).as(undisturbed.err()).isZero();
      assertThat(points(account, bucket, table, clock))
          .as("seed %d", seed)
          .isNotEmpty()
          .isEqualTo(points(account, otherBucket, otherTable, clock));
      // A run that may not store its records sends its data points all the same, and so does the
      // next one, which collects its window again.
      Map<String, Double> calm = sent(account, "Calm");
      Map<String, Double> sent = sent(account, "Troubled");
      assertThat(calm.keySet()).as("seed %d", seed).containsAll(sent.keySet());
      assertThat(sent).as("seed %d", seed).isNotEmpty();
      System.out.printf(
          "seed %d: %d runs, %d raw files, %d of %d values published%n",
          seed,
          around.runs(),
          account.keys(bucket, "raw-metrics/").size(),
          sent.size(),
          calm.size());
    } finally {
      proxies.forEach(FaultProxy::close);
    }
  }

  private static Map<String, String> environment(
      StandInAccount account, String bucket, String table, String namespace) {
    Map<String, String> environment = account.environment(bucket, table);
    environment.put("INFRAMETRICS_TOPIC_ARN", StandInAccount.TOPIC);
    environment.put("INFRAMETRICS_NAMESPACE", namespace);
    environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "2");
    environment.put("INFRAMETRICS_MAX_WINDOW", "P30D");
    return environment;
  }

  private static Executed run(StandInAccount.Context around, Path data, int runs) {
    return StandInAccount.execute(
        around,
        "run",
        "--store=aws",
        "--create",
        "--source=synthetic",
        "--every=5m",
        "--runs=" + runs,
        "--data",
        data);
  }

  /** On a clock of its own. */
  private static class Calm extends StandInAccount.Context {

    final ManualClock clock;
    private final Instant next;

    Calm(Map<String, String> environment, ManualClock clock, Instant next) {
      super(environment);
      this.clock = clock;
      this.next = next;
    }

    @Override
    public Clock clock() {
      return clock;
    }

    @Override
    public long nanoTime() {
      return Duration.between(START, clock.instant()).toNanos();
    }

    @Override
    public void await(Duration wait, StopRequest stop) {
      clock.set(next);
    }
  }

  /** Denies another action between most runs. */
  private final class Troubled extends Calm {

    private final Random random = new Random(seed);
    private final FaultPlan plan;
    private final int runs;
    private int run;

    Troubled(Map<String, String> environment, ManualClock clock, FaultPlan plan) {
      super(environment, clock, START);
      this.plan = plan;
      this.runs = (int) (RUNS_WITHOUT_TROUBLE + time.toSeconds());
    }

    int runs() {
      return runs;
    }

    @Override
    public void await(Duration wait, StopRequest stop) {
      clock.advance(EVERY);
      run++;
      if (run >= runs - RUNS_WITHOUT_TROUBLE || random.nextInt(6) == 0) {
        plan.decide(request -> Fault.PASS);
        return;
      }
      Denied denied = Denied.values()[random.nextInt(Denied.values().length)];
      plan.decide(denied::fault);
    }
  }

  private static Map<String, List<Point>> points(
      StandInAccount account, String bucket, String table, Clock clock) {
    Map<String, List<Point>> points = new TreeMap<>();
    try (AwsClients clients = AwsClients.fromEnvironment(account.environment(bucket, table))) {
      DynamoDbStores stores =
          new DynamoDbStores(
              clients.build("dynamodb", DynamoDbClient.builder()),
              table,
              new AwsCalls(CallSettings.DEFAULTS, new Random(1), AwsCalls.Sleeper.THREAD),
              DynamoDbSettings.DEFAULTS,
              Runnable::run,
              clock);
      for (MetricType type : MetricType.builtIn()) {
        stores
            .metricHistory()
            .series(type, Instant.EPOCH, Deadlines.never())
            .forEach(
                known ->
                    points.put(
                        known.series().id(),
                        stores
                            .metricHistory()
                            .points(
                                known.series(),
                                Instant.EPOCH,
                                clock.instant(),
                                1_000_000,
                                Deadlines.never())));
      }
    }
    return points;
  }

  /** How often CloudWatch counts each value of each metric. */
  private static Map<String, Double> sent(StandInAccount account, String namespace) {
    Map<String, Double> sent = new TreeMap<>();
    for (PutMetricData request : account.others().putMetricData()) {
      if (request.namespace().equals(namespace)) {
        for (PutMetricData.Datum datum : request.data()) {
          datum
              .weights()
              .forEach(
                  (value, count) ->
                      sent.merge(datum.metricName() + " " + value, count, Double::sum));
        }
      }
    }
    return sent;
  }
}
