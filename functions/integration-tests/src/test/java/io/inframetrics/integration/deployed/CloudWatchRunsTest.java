package io.inframetrics.integration.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.FunctionsContext;
import io.inframetrics.functions.VerbBeans;
import io.inframetrics.functions.VerbMetrics;
import io.inframetrics.functions.aws.AwsStores;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.source.cloudwatch.CloudWatchCollectorFactory;
import io.inframetrics.template.Stack;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import io.inframetrics.testkit.aws.EmbeddedS3;
import io.inframetrics.testkit.aws.RecordingServer;
import io.inframetrics.testkit.aws.cloudwatch.MetricReading;
import io.inframetrics.testkit.aws.cloudwatch.MetricsError;
import io.inframetrics.testkit.aws.cloudwatch.StoredMetric;
import io.inframetrics.workflow.LambdaTasks;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.ExecutionStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state machine as it is deployed, the four functions, and stand-ins for AWS, run after run on
 * a schedule of five minutes, with what CloudWatch has as the source: late values, a region that is
 * denied, values that stop.
 */
@Timeout(120)
class CloudWatchRunsTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Instant START = Instant.parse("2026-02-19T11:02:43Z");

  private final ManualClock clock = ManualClock.at(START);
  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.shared();
  private final RecordingServer cloudWatch = RecordingServer.start(clock);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Stack stack = DeployedPipeline.stack("cloudwatch");
  private final List<JsonNode> sent = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();

  /** Each value of CPU utilization that was read: second, region, value. */
  private final Set<String> given = new HashSet<>();

  private Instant last = Instant.MAX;
  private int runs;

  @AfterEach
  void stop() {
    cloudWatch.close();
    s3.close();
    threads.shutdownNow();
  }

  /**
   * Every other value comes 9 minutes after its period has ended, the others 3; some are corrected
   * after 17.
   */
  private double value(long second) {
    Instant time = Instant.ofEpochSecond(second);
    if (!hasCome(time, second / 300 % 2 == 0 ? 3 : 9) || time.isAfter(last)) {
      return Double.NaN;
    }
    boolean corrected = second / 300 % 7 != 0 || hasCome(time, 17);
    return corrected ? expected(second) : expected(second) + 0.5;
  }

  private boolean hasCome(Instant time, int minutesLate) {
    return !time.plus(EVERY).plus(Duration.ofMinutes(minutesLate)).isAfter(clock.instant());
  }

  private static double expected(long second) {
    return second / 300 % 89;
  }

  private void store(String region, String namespace, String name, String instance) {
    LongToDoubleFunction values =
        second -> {
          double value = value(second);
          if (name.equals("CPUUtilization") && !Double.isNaN(value)) {
            given.add(second + " " + region + " " + value);
          }
          return value;
        };
    cloudWatch
        .reading()
        .store(
            StoredMetric.of(namespace, name, Map.of("InstanceId", instance), values)
                .in(MetricReading.ACCOUNT, region));
  }

  private AwsStores stores(FunctionSettings settings) {
    return new AwsStores(settings, () -> AwsClients.fromEnvironment(environment), clock);
  }

  private void install() {
    environment.putAll(cloudWatch.environment());
    environment.putAll(dynamoDb.environment());
    environment.putAll(s3.environment());
    environment.put("INFRAMETRICS_BUCKET", s3.newBucket());
    environment.put("INFRAMETRICS_TABLE", dynamoDb.newTableName());
    environment.put("INFRAMETRICS_SOURCE", "cloudwatch");
    environment.put("INFRAMETRICS_PERIOD", EVERY.toString());
    environment.put("INFRAMETRICS_COLLECTOR_CLOUDWATCH_REGIONS", "eu-west-1,us-east-1");
    try (AwsClients clients = AwsClients.fromEnvironment(environment)) {
      new DynamoDbTable(
              clients.build("dynamodb", DynamoDbClient.builder()),
              new AwsCalls(CallSettings.DEFAULTS, new Random(1), AwsCalls.Sleeper.THREAD))
          .createIfMissing(environment.get("INFRAMETRICS_TABLE"), Deadlines.never());
    }
  }

  /** What S3 and the rule do when a raw file was stored. */
  private JsonNode collect(FunctionsContext functions, JsonNode event) {
    JsonNode collection = JSON.readTree(functions.call("collect", event.toString()));
    for (JsonNode object : collection.path("objects")) {
      ObjectNode landed = JSON.createObjectNode().put("detail-type", "Object Created");
      landed.put("source", "aws.s3");
      landed.putObject("detail").putObject("object").set("key", object.get("key"));
      functions.call("process", landed.toString());
    }
    return collection;
  }

  private FunctionsContext start(AwsStores stores, FunctionSettings settings) {
    Map<String, String> ofSource = settings.collectors().get("cloudwatch");
    return FunctionsContext.start(
        new VerbBeans(
            stores,
            CollectorRegistry.of(
                new CloudWatchCollectorFactory(environment)
                    .create(new CollectorSettings("cloudwatch", ofSource, clock))),
            settings.keys(),
            settings.schedule(),
            settings.analysis(),
            threads,
            VerbMetrics.NONE,
            clock));
  }

  /** One execution; answers the state's output. */
  private JsonNode run(FunctionsContext functions) throws IOException {
    LambdaTasks tasks =
        LambdaTasks.builder()
            .function("${CollectFunction.Alias}", event -> collect(functions, event))
            .function(
                "${HealthCheckFunction.Alias}",
                event -> JSON.readTree(functions.call("healthCheck", event.toString())))
            .function(
                "${AnalyzeFunction.Alias}",
                event -> JSON.readTree(functions.call("analyze", event.toString())))
            .publisher(
                message -> {
                  sent.add(message);
                  return "id";
                })
            .build();
    ExecutionResult run =
        DeployedPipeline.stateMachine(stack)
            .execution()
            .name("run-" + runs++)
            .startTime(clock.instant())
            .input(JSON.createObjectNode())
            .tasks(tasks)
            .run();
    assertThat(run.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    clock.advance(EVERY);
    return run.output();
  }

  private String subject() {
    return sent.get(sent.size() - 1).path("Subject").stringValue();
  }

  private String message() {
    return sent.get(sent.size() - 1).path("Message").stringValue();
  }

  /** The values that are stored of a series, oldest first. */
  private List<Point> points(MetricType type, String instance, String region) {
    try (AwsStores stores = stores(FunctionSettings.of(environment, clock))) {
      return stores
          .metricHistory()
          .points(
              Series.of(type, instance, Map.of("region", region)),
              Instant.EPOCH,
              clock.instant(),
              10_000,
              Deadlines.never());
    }
  }

  private long published() {
    return cloudWatch.putMetricData().stream()
        .flatMap(request -> request.data().stream())
        .filter(datum -> datum.metricName().equals("cpu_utilization"))
        .mapToLong(
            datum ->
                Math.round(
                    datum.weights().values().stream().mapToDouble(Double::doubleValue).sum()))
        .sum();
  }

  @Test
  void lateValuesADeniedRegionAndValuesThatStop() throws IOException {
    install();
    FunctionSettings settings = FunctionSettings.of(environment, clock);
    try (AwsStores stores = stores(settings);
        FunctionsContext functions = start(stores, settings)) {
      watch(functions);
    }
  }

  private void watch(FunctionsContext functions) throws IOException {
    assertThat(run(functions).at("/health/status").stringValue()).isEqualTo("DEGRADED");
    assertThat(subject()).startsWith("InfraMetrics DEGRADED: nothing to collect");
    assertThat(message()).contains("note: CloudWatch has no EC2 instance in us-east-1");

    for (String region : List.of("eu-west-1", "us-east-1")) {
      for (String name : List.of("CPUUtilization", "NetworkIn", "NetworkOut")) {
        store(region, "AWS/EC2", name, "i-1");
      }
    }
    store("eu-west-1", "CWAgent", "mem_used_percent", "i-1");
    store("eu-west-1", "CWAgent", "disk_used_percent", "i-1");
    Instant first = clock.instant();
    int nothingNew = 0;
    for (int i = 0; i < 6; i++) {
      JsonNode output = run(functions);
      assertThat(output.at("/health/status").stringValue()).as(message()).isEqualTo("HEALTHY");
      nothingNew += subject().contains("HEALTHY: nothing new") ? 1 : 0;
    }
    assertThat(nothingNew).isBetween(1, 5);
    assertThat(message())
        .contains("note: no agent: memory and disk unknown for 1 instance in us-east-1 (i-1)");

    cloudWatch
        .reading()
        .fail("us-east-1", new MetricsError(403, "AccessDenied", "not allowed to list"));
    run(functions);
    JsonNode denied = run(functions);
    assertThat(denied.at("/health/status").stringValue()).isEqualTo("DEGRADED");
    assertThat(message())
        .contains("cpu_utilization: 2 observations, partial\n  collector cloudwatch us-east-1: ")
        .contains("cloudwatch:ListMetrics was rejected: AccessDenied (403): not allowed to list");
    cloudWatch.reading().heal("us-east-1");
    run(functions);
    assertThat(run(functions).at("/health/status").stringValue()).isEqualTo("HEALTHY");

    // No value is missing, none stands twice, whenever it came.
    long read = 0;
    for (String region : List.of("eu-west-1", "us-east-1")) {
      List<Point> cpu = points(MetricType.CPU_UTILIZATION, "i-1", region);
      long from = cpu.get(0).epochSecond();
      assertThat(from).isLessThan(first.getEpochSecond());
      for (int i = 0; i < cpu.size() - 1; i++) { // The one before the last may be late.
        assertThat(cpu.get(i).epochSecond()).isLessThan(cpu.get(i + 1).epochSecond());
        assertThat(cpu.get(i).value()).isEqualTo(expected(cpu.get(i).epochSecond()));
      }
      assertThat(cpu.get(cpu.size() - 3).epochSecond() - from)
          .isEqualTo(300L * (cpu.size() - 3)); // Without a gap.
      read +=
          given.stream()
              .filter(each -> each.contains(region))
              .filter(each -> Long.parseLong(each.split(" ", -1)[0]) >= from)
              .count();
    }
    assertThat(points(MetricType.MEMORY_USAGE, "i-1", "eu-west-1")).hasSizeGreaterThan(10);
    assertThat(given).filteredOn(each -> each.endsWith(".5")).hasSizeGreaterThan(3);
    assertThat(published()).isEqualTo(read); // Each value once, and each correction.

    last = clock.instant().minus(Duration.ofMinutes(20));
    clock.advance(Duration.ofMinutes(40));
    assertThat(run(functions).at("/health/status").stringValue())
        .as(message())
        .isEqualTo("HEALTHY");
    clock.advance(Duration.ofMinutes(40));
    assertThat(run(functions).at("/health/status").stringValue()).isEqualTo("DEGRADED");
    assertThat(message()).contains("cpu_utilization: no new value since");
    assertThat(sent.get(0).at("/MessageAttributes/source/StringValue").stringValue())
        .isEqualTo("cloudwatch");
    assertThat(cloudWatch.refused()).isEmpty();
  }
}
