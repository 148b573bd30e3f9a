package io.inframetrics.integration.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.LambdaProcess;
import io.inframetrics.testkit.aws.LambdaRuntimeApi.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of the zip, under the real Lambda runtime client, against servers in this process. */
@Timeout(120)
class LambdaZipIT {

  private static final String INVALID = "io.inframetrics.pipeline.InvalidRequestException";
  private static final String RETRYABLE = "io.inframetrics.pipeline.RetryableFailureException";
  private static final int ZIP_LIMIT = 30_000_000;
  private static final String LOG_OF_CLASSES = "-Xlog:class+load";

  private static final Path EVENTS = Path.of("..", "..", "deploy", "events");

  /** What the functions answer to these events from stores in memory. */
  private static final Path GOLDEN = Path.of("..", "src", "test", "resources", "golden");

  @TempDir static Path work;

  private static final List<String> NAMES = List.of("collect", "process", "healthCheck", "analyze");

  /** By handler and name: what a start costs is spent once for all tests that only invoke. */
  private static final Map<String, Map<String, LambdaProcess>> FUNCTIONS = new HashMap<>();

  private static DeployedStack stack;
  private static LambdaProcess storeless;

  /** Of the zip with a team's jar, for a fleet whose records need more than one thread. */
  private static LambdaProcess team;

  private static CompletableFuture<Answer> withoutStore;

  @BeforeAll
  static void deploy() throws IOException {
    stack = new DeployedStack(work);
    DeployedStack.unpack(DeployedStack.zip(), teamRoot());
    TeamJar.write(teamRoot().resolve("lib").resolve("team.jar"));
    // Its tries take all the time that it has, in which the other tests go on.
    storeless =
        stack
            .function("collect")
            .environment(Map.of("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"))
            .start();
    team =
        stack
            .function("collect", teamRoot(), DeployedStack.HANDLER)
            .environment(
                Map.of(
                    "INFRAMETRICS_SOURCE", "synthetic,queues",
                    "INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "120",
                    "INFRAMETRICS_COLLECTOR_QUEUES_DEPTH", "42",
                    "INFRAMETRICS_COLLECTOR_QUEUES_HANG", "true"))
            .start();
    withoutStore =
        CompletableFuture.supplyAsync(() -> storeless.invoke("{}", Duration.ofSeconds(8)));
  }

  @AfterAll
  static void remove() {
    FUNCTIONS.values().forEach(functions -> functions.values().forEach(LambdaProcess::close));
    storeless.close();
    team.close();
    stack.close();
  }

  /** The zip as a team unpacks it, with a jar of their own. */
  private static Path teamRoot() {
    return work.resolve("team");
  }

  private static LambdaProcess function(String name) {
    return function(name, DeployedStack.HANDLER);
  }

  private static LambdaProcess function(String name, String handler) {
    return FUNCTIONS
        .computeIfAbsent(handler, any -> new HashMap<>())
        .computeIfAbsent(name, any -> start(name, handler));
  }

  private static LambdaProcess start(String name, String handler) {
    LambdaProcess.Builder function =
        stack
            .function(name, stack.taskRoot(), handler)
            .environment(DeployedPipeline.variables(name));
    if (name.equals("healthCheck")) {
      function.flags(LOG_OF_CLASSES);
    }
    return function.start();
  }

  @Test
  void runThePipeline() {
    runThePipeline(DeployedStack.HANDLER);
  }

  @Test
  @Tag("soak")
  void runThePipelineUnderTheHandlerOfSpring() {
    runThePipeline(DeployedStack.STOCK_HANDLER);
  }

  private static void runThePipeline(String handler) {
    String run = "run-" + handler.length();
    LambdaProcess collect = function("collect", handler);
    LambdaProcess process = function("process", handler);
    LambdaProcess health = function("healthCheck", handler);
    LambdaProcess analyze = function("analyze", handler);
    String collected = ok(collect.invoke("{\"run_id\":\"%s\"}".formatted(run)));
    JsonNode collection = json(collected);
    assertThat(collection.path("status").asString()).as(collected).isEqualTo("COLLECTED");
    assertThat(collection.path("objects")).hasSize(4);

    String question =
        "{\"run_id\":\"%s\",\"attempt\":0,\"max_attempts\":3,\"collections\":[%s]}"
            .formatted(run, collected);
    assertThat(ok(health.invoke(question))).contains("\"status\":\"PENDING\"");

    for (JsonNode object : collection.path("objects")) {
      String key = object.path("key").asString();
      assertThat(stack.read(key)).contains("\"run_id\":\"" + run + "\"");
      JsonNode processed =
          json(
              ok(
                  process.invoke(
                      "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"%s\"}}}"
                          .formatted(key))));
      assertThat(processed.path("files_processed").asInt()).isEqualTo(1);
      assertThat(processed.path("metrics_processed").asLong())
          .isEqualTo(object.path("metric_count").asLong());
    }
    assertThat(ok(health.invoke(question))).contains("\"status\":\"HEALTHY\"");

    for (String analysis : List.of("anomalies", "forecast")) {
      JsonNode analysed =
          json(
              ok(
                  analyze.invoke(
                      "{\"analysis\":\"%s\",\"run_id\":\"%s\",\"collections\":[%s]}"
                          .formatted(analysis, run, collected))));
      assertThat(json(stack.read(analysed.path("report_key").asString())).path("run_id"))
          .hasToString("\"" + run + "\"");
    }
    assertThat(stack.others().putMetricData()).isNotEmpty();
    assertThat(stack.others().refused()).isEmpty();
  }

  @Test
  void aScheduledRunGoesThroughEverything() throws IOException {
    NAMES.forEach(LambdaZipIT::function); // Starts those that no test has needed yet.
    new DeployedPipeline(stack, FUNCTIONS.get(DeployedStack.HANDLER)).runAndCheck();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"process-s3", "process-eventbridge", "process-sqs", "process-s3-test-event"})
  void processesEveryShapeOfEvent(String event) throws IOException {
    putSamples();

    JsonNode answer = json(ok(function("process").invoke(event(event))));

    int files = event.equals("process-sqs") ? 2 : event.equals("process-s3-test-event") ? 0 : 1;
    assertThat(answer.path("files_processed").asInt()).as("" + answer).isEqualTo(files);
    if (event.equals("process-sqs")) {
      assertThat(answer.path("batchItemFailures").get(0).path("itemIdentifier").asString())
          .isEqualTo("m-3");
    }
  }

  @Test
  void tellErrorsByTheirOwnNames() {
    Answer unknown = function("collect").invoke("{\"metric_type\":\"cpu\"}");
    assertThat(unknown.errorType()).isEqualTo(INVALID);
    assertThat(json(unknown.body()).path("errorMessage").asString())
        .startsWith("metric type 'cpu' has no collector: use one of cpu_utilization");
    assertThat(json(unknown.body()).path("errorType").asString()).isEqualTo(INVALID);
    assertThat(json(unknown.body()).path("stackTrace")).isEmpty();

    assertThat(function("collect").invoke("{\"metric_type\":").errorType()).isEqualTo(INVALID);
    assertThat(function("collect").invoke("[]").errorType()).isEqualTo(INVALID);
    assertThat(function("process").invoke("{}").errorType()).isEqualTo(INVALID);
    assertThat(function("healthCheck").invoke("{}").errorType()).isEqualTo(INVALID);
    assertThat(function("analyze").invoke("{\"analysis\":\"x\"}").errorType()).isEqualTo(INVALID);
  }

  /** AWS's own adapter answers "OK" to some of these, and never calls the function. */
  @ParameterizedTest
  @ValueSource(strings = {DeployedStack.HANDLER, DeployedStack.STOCK_HANDLER})
  void refuseEventsOfAnUnexpectedShapeInOneSentence(String handler) {
    LambdaProcess collect = function("collect", handler);
    for (String event :
        List.of(
            "{\"metric_type\":\"cpu\"}",
            "{\"metric_type\":",
            "{} {}",
            "[]",
            "[{\"metric_type\":\"cpu_utilization\"}]",
            "null",
            "5",
            "\"text\"")) {
      Answer answer = collect.invoke(event);

      assertThat(answer.errorType()).as(event + answer.body()).isEqualTo(INVALID);
      assertThat(json(answer.body()).path("errorMessage").asString().lines()).as(event).hasSize(1);
      assertThat(json(answer.body()).path("stackTrace")).as(event).isEmpty();
    }
    for (String notKnown : List.of("null", "5", "\"text\"", "[]")) {
      String event = "{\"payload\":%s,\"metric_type\":\"disk_usage\"}".formatted(notKnown);
      assertThat(ok(collect.invoke(event)))
          .contains("\"status\":\"COLLECTED\"", "metrics-disk_usage-");
    }
  }

  @Test
  void answerTheSampleEventsInTheShapeOfTheGoldenFiles() throws IOException {
    answerInTheShapeOfTheGoldenFiles(DeployedStack.HANDLER);
  }

  @Test
  @Tag("soak")
  void answerTheSampleEventsUnderTheHandlerOfSpringToo() throws IOException {
    answerInTheShapeOfTheGoldenFiles(DeployedStack.STOCK_HANDLER);
  }

  private static void answerInTheShapeOfTheGoldenFiles(String handler) throws IOException {
    putSamples();
    for (String function : NAMES) {
      String prefix = function.equals("healthCheck") ? "health" : function;
      LambdaProcess process = function(function, handler);
      for (String event : events(prefix)) {
        JsonNode golden = json(Files.readString(GOLDEN.resolve(event + ".json")));
        JsonNode answer = json(ok(process.invoke(event(event))));

        assertThat(answer.propertyNames())
            .as(event + answer)
            .containsExactlyElementsOf(golden.propertyNames());
        assertThat(answer.path("batchItemFailures")).isEqualTo(golden.path("batchItemFailures"));
      }
    }
  }

  /** The names of all sample events that begin with {@code function}, sorted. */
  private static List<String> events(String function) throws IOException {
    try (Stream<Path> files = Files.list(EVENTS)) {
      return files
          .map(file -> file.getFileName().toString().replace(".json", ""))
          .filter(name -> name.startsWith(function + "-"))
          .sorted()
          .toList();
    }
  }

  private static String event(String name) throws IOException {
    return Files.readString(EVENTS.resolve(name + ".json"));
  }

  private static void putSamples() {
    String key = "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json";
    stack.put(key, SampleMetrics.EXAMPLE_LINE + "\n");
    stack.put(key.replace(".json", "-0a1b2c3d.json"), SampleMetrics.EXAMPLE_LINE + "\n");
  }

  @Test
  void askForAnotherTryWhenAStoreIsAway() {
    assertThat(withoutStore.join().errorType()).isEqualTo(RETRYABLE);
  }

  @Test
  void takeAnEventOfTheLargestSize() {
    String junk = "x".repeat(6 * 1024 * 1024 - 100);

    String answer =
        ok(
            function("healthCheck")
                .invoke("{\"run_id\":\"r\",\"collections\":[],\"note\":\"" + junk + "\"}"));

    assertThat(answer).contains("\"status\":\"UNHEALTHY\"");
  }

  @Test
  void collectWithATeamsOwnCollectorInTheirZip() {
    JsonNode answer = json(ok(team.invoke("{\"metric_type\":\"queue_depth\"}")));

    assertThat(stack.read(answer.path("objects").get(0).path("key").asString()))
        .contains("\"value\":42");
  }

  @Test
  void answerBeforeTheDeadlineThatACollectorOverruns() {
    ok(team.invoke("{\"metric_type\":\"cpu_utilization\"}")); // Not the start is measured.
    long start = System.nanoTime();
    Answer answer = team.invoke("{\"metric_type\":\"queue_age\"}", Duration.ofSeconds(4));

    assertThat(answer.errorType()).isEqualTo(RETRYABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    assertThat(json(answer.body()).path("errorMessage").asString()).contains("queue_age");
  }

  @Test
  void refuseToStartWithEveryMistakeOfTheEnvironment() {
    try (LambdaProcess collect =
        stack
            .function("collect")
            .environment(
                Map.of(
                    "INFRAMETRICS_BUKET", "x",
                    "INFRAMETRICS_PERIOD", "3h",
                    "INFRAMETRICS_NAMESPACE", "AWS/x",
                    "INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANSES", "3"))
            .start()) {
      Answer error = collect.awaitInitError();

      assertThat(error.body())
          .contains(
              "INFRAMETRICS_BUKET",
              "INFRAMETRICS_PERIOD is '3h'",
              "INFRAMETRICS_NAMESPACE",
              "INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANSES");
    }
  }

  @Test
  void writeJsonLinesThatTellTheInvocationAndNotTheEvent() {
    LambdaProcess collect = function("collect");
    ok(
        collect.invoke(
            "{\"run_id\":\"logged-run\",\"metric_type\":\"disk_usage\",\"secret\":\"hush\"}"));

    List<JsonNode> lines =
        collect
            .output()
            .lines()
            .filter(line -> !line.startsWith("WARNING: ")) // A newer JVM's, of the runtime client.
            .map(LambdaZipIT::json)
            .toList();
    assertThat(lines)
        .anySatisfy(
            line -> {
              assertThat(line.path("run_id").asString("")).isEqualTo("logged-run");
              assertThat(line.path("metric_type").asString("")).isEqualTo("disk_usage");
              assertThat(line.path("AWSRequestId").asString("")).startsWith("request-");
              assertThat(line.path("operation").asString("")).startsWith("s3:");
            })
        .anySatisfy(line -> assertThat(line.path("MetricsCollected").isNumber()).isTrue());
    assertThat(collect.output()).doesNotContain("hush");
  }

  @Test
  void writeEachLineUnderTheIdsOfItsOwnInvocation() {
    String event = "{\"run_id\":\"%s\",\"metric_type\":\"memory_usage\"}";
    int before = team.output().length();
    ok(team.invoke(event.formatted("first-run"))); // Starts the threads that write records.
    String first = team.output().substring(before);
    ok(team.invoke(event.formatted("second-run")));

    String requestId = first.replaceAll("(?s).*\"AWSRequestId\":\"([^\"]+)\".*", "$1");
    assertThat(requestId).startsWith("request-");
    assertThat(team.output().substring(before + first.length()))
        .contains("dynamodb:BatchWriteItem", "\"run_id\":\"second-run\"")
        .doesNotContain("first-run", '"' + requestId + '"');
  }

  @Test
  void tellTheRunAndTheTypeOfAProcessedFile() {
    LambdaProcess collect = function("collect");
    LambdaProcess process = function("process");
    String key =
        json(ok(collect.invoke("{\"run_id\":\"told-run\",\"metric_type\":\"disk_usage\"}")))
            .path("objects")
            .get(0)
            .path("key")
            .asString();
    ok(
        process.invoke(
            "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"%s\"}}}"
                .formatted(key)));

    assertThat(process.output().lines().map(LambdaZipIT::jsonOrNothing))
        .anySatisfy(
            line -> {
              assertThat(line.path("message").asString("")).startsWith("processed " + key);
              assertThat(line.path("run_id").asString("")).isEqualTo("told-run");
              assertThat(line.path("metric_type").asString("")).isEqualTo("disk_usage");
              assertThat(line.path("AWSRequestId").asString("")).startsWith("request-");
            });
  }

  /** A newer JVM warns of the runtime client in lines of its own. */
  private static JsonNode jsonOrNothing(String line) {
    return line.startsWith("{") ? json(line) : json("{}");
  }

  @Test
  void loadNoClientThatTheFunctionDoesNotUse() {
    LambdaProcess health = function("healthCheck");
    ok(health.invoke("{\"run_id\":\"r\",\"collections\":[]}"));

    assertThat(health.output())
        .contains("io.inframetrics.pipeline.health.CheckPipelineHealth")
        .doesNotContain("software.amazon.awssdk.services.cloudwatch.CloudWatchClient ")
        .doesNotContain("software.amazon.awssdk.services.s3.S3Client ")
        .doesNotContain("software.amazon.awssdk.services.sns.SnsClient ");
  }

  @Test
  void answerFromARestoredSnapshot() throws InterruptedException {
    try (LambdaProcess first = stack.function("collect").snapStart().start()) {
      first.restore();

      JsonNode one = json(ok(first.invoke("{\"metric_type\":\"cpu_utilization\"}")));
      JsonNode other = json(ok(first.invoke("{\"metric_type\":\"memory_usage\"}")));

      assertThat(one.path("status").asString()).isEqualTo("COLLECTED");
      assertThat(other.path("status").asString()).isEqualTo("COLLECTED");
      assertThat(first.output()).contains("priming").doesNotContain("ended early");
    }
    assertThat(stack.others().putMetricData().toString()).doesNotContain("priming");
  }

  @Test
  void areInOneSmallZip() throws IOException {
    assertThat(Files.size(DeployedStack.zip())).isLessThan(ZIP_LIMIT);
    try (Stream<Path> files = Files.list(stack.taskRoot().resolve("lib"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(
              name ->
                  name.startsWith("jackson-databind-2")
                      || name.contains("netty")
                      || name.contains("webflux")
                      || name.contains("httpclient")
                      || name.contains("commons-logging")
                      || name.contains("logback")
                      || name.contains("snakeyaml")
                      || name.contains("joda"));
    }
  }

  /** Else the same sources would give other bytes with each build. */
  @Test
  void areZippedWithoutTheTimeOfTheBuild() throws IOException {
    try (ZipFile zip = new ZipFile(DeployedStack.zip().toFile())) {
      assertThat(zip.stream().map(ZipEntry::getTimeLocal).distinct()).hasSize(1);
    }
    try (JarFile jar = new JarFile(jars("inframetrics-functions").get(0).toFile())) {
      assertThat(jar.stream().map(ZipEntry::getTimeLocal).distinct()).hasSize(1);
    }
  }

  private static List<Path> jars(String name) throws IOException {
    try (Stream<Path> files = Files.list(stack.taskRoot().resolve("lib"))) {
      return files.filter(file -> file.getFileName().toString().startsWith(name)).toList();
    }
  }

  private static String ok(Answer answer) {
    assertThat(answer.errorType()).as(answer.body()).isNull();
    return answer.body();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
