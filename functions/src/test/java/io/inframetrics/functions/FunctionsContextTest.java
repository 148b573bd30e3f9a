package io.inframetrics.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.amazonaws.services.lambda.runtime.Context;
import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.functions.payload.AnalyzeRequest;
import io.inframetrics.functions.payload.AnalyzeResponse;
import io.inframetrics.functions.payload.CollectRequest;
import io.inframetrics.functions.payload.CollectResponse;
import io.inframetrics.functions.payload.HealthCheckRequest;
import io.inframetrics.functions.payload.HealthCheckResponse;
import io.inframetrics.functions.payload.Payloads;
import io.inframetrics.functions.payload.ProcessRequest;
import io.inframetrics.functions.payload.ProcessResponse;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.InMemoryStores;
import io.inframetrics.testkit.memory.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.junit.jupiter.MockitoExtension;

/** The beans as they are called: by name, with JSON, through the function catalog. */
@ExtendWith(MockitoExtension.class)
class FunctionsContextTest {

  private static final String CPU_KEY =
      "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json";

  private static final String RIVAL_CPU_KEY =
      "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463-0a1b2c3d.json";

  private final InMemoryStores stores = new InMemoryStores();
  private final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FunctionsContext functions =
      FunctionsContext.start(
          new VerbBeans(
              stores,
              CollectorRegistry.of(
                  SampleMetrics.oneOfEachType().stream()
                      .<MetricCollector>map(OneMetric::new)
                      .toList()),
              new DatedObjectKeys(),
              CollectionSchedule.DEFAULTS,
              AnalysisSettings.DEFAULTS,
              threads,
              VerbMetrics.NONE,
              clock));

  @AfterEach
  void close() {
    functions.close();
    threads.shutdownNow();
  }

  @ParameterizedTest
  @CsvSource({
    "collect, collect-one",
    "collect, collect-all",
    "process, process-s3",
    "process, process-eventbridge",
    "process, process-sqs",
    "process, process-s3-test-event",
    "healthCheck, health-healthy",
    "healthCheck, health-degraded",
    "healthCheck, health-pending",
    "healthCheck, health-unhealthy",
    "analyze, analyze-anomalies",
    "analyze, analyze-forecast",
    "analyze, analyze-report"
  })
  void answersAsTheGoldenFilesSay(String function, String example) throws IOException {
    if (function.equals("process")) {
      stores.rawMetrics().drop(CPU_KEY, SampleMetrics.EXAMPLE_LINE + "\nnonsense\n");
      stores.rawMetrics().drop(RIVAL_CPU_KEY, SampleMetrics.EXAMPLE_LINE);
    } else if (!function.equals("collect")) {
      stores.rawMetrics().drop(CPU_KEY, SampleMetrics.EXAMPLE_LINE);
      functions.call("process", SampleEvents.read("process-s3"));
    }

    String response = functions.call(function, SampleEvents.read(example));

    assertThat(Payloads.JSON.readTree(response))
        .as(response)
        .isEqualTo(Payloads.JSON.readTree(golden(example)));
  }

  @Test
  void runsTheWholePipelineOnItsOwnAnswers() {
    String collected = functions.call("collect", "{\"run_id\":\"run-1\"}");
    String pending = functions.call("healthCheck", health(collected, 0));
    assertThat(pending).contains("\"status\":\"PENDING\"", "\"attempt\":1", "\"wait_seconds\":5");

    for (String key : stores.rawMetrics().keys()) {
      functions.call(
          "process",
          "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"%s\"}}}"
              .formatted(key));
    }
    String healthy = functions.call("healthCheck", health(collected, 1));
    assertThat(healthy).contains("\"status\":\"HEALTHY\"", "\"attempt\":2", "\"expected\":4");

    String analysed =
        functions.call(
            "analyze",
            "{\"analysis\":\"anomalies\",\"run_id\":\"run-1\",\"collections\":[%s]}"
                .formatted(collected));
    assertThat(analysed).contains("\"report_key\":\"reports/2026/02/19/anomalies-run-1.json\"");
    assertThat(stores.documents().keys())
        .containsExactly(
            "reports/2026/02/19/anomalies-run-1.json", "reports/2026/02/19/charts-run-1.json");
  }

  private static String health(String collection, int attempt) {
    return "{\"run_id\":\"run-1\",\"attempt\":%d,\"max_attempts\":3,\"collections\":[%s]}"
        .formatted(attempt, collection);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          collect     | {"metric_type":"cpu"}             | metric type 'cpu' has no collector: use one of cpu_utilization, disk_usage, memory_usage, network_traffic or all
          collect     | {"observed_at":"yesterday"}       | observed_at 'yesterday' is not an ISO-8601 instant such as 2026-02-19T11:27:43Z
          collect     | {"metric_type":                   | the payload is not valid: Unexpected end-of-input
          collect     | []                                | the payload is not a JSON object
          collect     | null                              | the payload is not a JSON object
          process     | {}                                | the event does not name an object: send an S3 notification
          process     | {"Records":[{"s3":{}}]}           | the object of an event is missing
          process     | {"Records":[{"s3":{"object":{"key":"raw-metrics/100%.json"}}}]} | the object key 'raw-metrics/100%.json' is not URL-encoded
          process     | {"detail":{"object":{}}}          | the key of an object is missing
          process     | {"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"raw-metrics/no.json"}}}]} | there is no object 'raw-metrics/no.json'
          healthCheck | {"run_id":"r","attempt":"x","collections":[]} | the payload at attempt is not valid
          healthCheck | {"run_id":"r"}                    | collections is missing
          healthCheck | {"collections":[]}                | run_id is missing
          healthCheck | {"run_id":"r","attempt":-1,"collections":[]} | attempt -1 of max_attempts 5 is not valid
          healthCheck | {"run_id":"r","collections":[{"objects":[{}]}]} | the key of an object is missing
          healthCheck | {"run_id":"r","collections":[null]} | collections[] is missing
          collect     | {"run_id":" "}                    | run id ' ' is not valid: use 1 to 128 printable ASCII characters
          analyze     | {"analysis":"anomalies","run_id":"r","collections":[null]} | collections[] is missing
          analyze     | {"analysis":"anomalies","run_id":"r","collections":[{"metric_type":"all","status":"COLLECTED","objects":[{"key":"k"}]}]} | metric type 'all' of object 'k' is not valid: give the type of the metrics in the object
          analyze     | {"analysis":"x","run_id":"r","collections":[]} | analysis 'x' is not known: use 'anomalies' or 'forecast'
          analyze     | {"analysis":"report","run_id":"r","observed_at":"2026-02-19T11:27:43Z","analyses":[]} | health is missing
          analyze     | {"analysis":"report","run_id":"r","observed_at":"2026-02-19T11:27:43Z","health":{"status":"HEALTHY","subject":"s"},"analyses":[]} | health.summary is missing
          analyze     | {"analysis":"report","run_id":"r","health":{"status":"HEALTHY","subject":"s","summary":"s"},"analyses":[]} | observed_at is missing
          analyze     | {"analysis":"report","run_id":"r","observed_at":"2026-02-19T11:27:43Z","health":{"status":"HEALTHY","subject":"s","summary":"s"},"analyses":[{"analysis":"anomalies","report_key":"reports/no.json"}]} | report 'reports/no.json' of analysis 'anomalies' does not exist
          """)
  void saysWhatIsWrongWithARequest(String function, String request, String message) {
    assertThatThrownBy(() -> functions.call(function, request))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }

  @Test
  void keepsTheClassOfAFailureAndDropsItsTrace() {
    stores.faults().failNext(1, Operation.RAW_COMMIT);

    assertThatThrownBy(() -> functions.call("collect", "{\"metric_type\":\"cpu_utilization\"}"))
        .isExactlyInstanceOf(RetryableFailureException.class)
        .hasMessage("planned failure of RAW_COMMIT")
        .hasNoCause()
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }

  @Test
  void ignoresFieldsThatItDoesNotKnow() {
    assertThat(
            functions.call(
                "collect", "{\"metric_type\":\"cpu_utilization\",\"trace\":{\"x\":[1]}}"))
        .contains("\"status\":\"COLLECTED\"");
  }

  @Test
  void namesARunAfterItsRequestWhenNobodyElseDoes() {
    String first = functions.call("collect", "{\"metric_type\":\"cpu_utilization\"}");
    String second = functions.call("collect", "{\"metric_type\":\"cpu_utilization\"}");

    assertThat(runId(first)).hasSize(36).isNotEqualTo(runId(second));
  }

  private static String runId(String response) {
    return Payloads.JSON.readTree(response).path("run_id").asString();
  }

  @Test
  void decodesKeysOfNotificationsButNotOfEventBridge() throws IOException {
    // A key with a space and a plus, as the two event shapes spell it.
    String key = "raw-metrics/a b+c/ü.json";
    stores.rawMetrics().drop(key, "nonsense");

    String byS3 =
        functions.call(
            "process",
            "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"object\":{\"key\":\"raw-metrics/a+b%2Bc/%C3%BC.json\"}}}]}");
    String byEventBridge =
        functions.call(
            "process",
            "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"raw-metrics/a"
                + " b+c/ü.json\"}}}");

    assertThat(byS3).isEqualTo(byEventBridge).contains("\"files_processed\":1");
  }

  @Test
  void sendsBackQueueMessagesThatHoldNoEvent() {
    String response =
        functions.call(
            "process",
            """
            {"Records":[
              {"messageId":"m1","eventSource":"aws:sqs","body":"not json"},
              {"messageId":"m2","eventSource":"aws:sqs","body":"{\\"a\\":1}"},
              {"messageId":"m3","eventSource":"aws:sqs","body":"{\\"Event\\":\\"s3:TestEvent\\"}"},
              {"messageId":"m4","eventSource":"aws:sqs","body":"{\\"Records\\":[{\\"messageId\\":\\"x\\",\\"body\\":\\"{}\\"}]}"}
            ]}\
            """);

    assertThat(response)
        .isEqualTo(
            "{\"files_processed\":0,\"metrics_processed\":0,\"metrics_failed\":0,\"quarantined\":[],"
                + "\"batchItemFailures\":[{\"itemIdentifier\":\"m1\"},{\"itemIdentifier\":\"m2\"},"
                + "{\"itemIdentifier\":\"m4\"}]}");
  }

  @Test
  void hasNoPayloadNameThatTheAdapterTakesForHttp() throws IOException {
    for (Class<?> payload :
        List.of(
            CollectRequest.class,
            CollectResponse.class,
            ProcessRequest.class,
            ProcessResponse.class,
            HealthCheckRequest.class,
            HealthCheckResponse.class,
            AnalyzeRequest.class,
            AnalyzeResponse.class)) {
      for (var component : payload.getRecordComponents()) {
        var name =
            component
                .getAccessor()
                .getAnnotation(com.fasterxml.jackson.annotation.JsonProperty.class);
        assertThat(name).as("%s of %s", component.getName(), payload).isNotNull();
        assertThat(name.value()).isNotIn("payload", "headers", "body", "httpMethod", "routeKey");
      }
    }
  }

  @Test
  void saysWhichFunctionsThereAre() {
    assertThatThrownBy(() -> functions.call("colect", "{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no function 'colect'")
        .hasMessageContaining("healthCheck");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 400, 600})
  void givesAVerbTheTimeThatLambdaHasLeft(int remainingMillis) {
    // Half a second is kept for the answer itself.
    boolean inTime = remainingMillis > 500;
    var message =
        org.springframework.messaging.support.MessageBuilder.withPayload("x")
            .setHeader(
                org.springframework.cloud.function.adapter.aws.AWSLambdaUtils.AWS_CONTEXT,
                context(remainingMillis))
            .build();
    InvocationWrapper<String, String> verb =
        new InvocationWrapper<>(
            "collect",
            (request, invocation) ->
                invocation.requestId() + " " + !invocation.deadline().hasPassed(),
            clock);

    assertThat(verb.apply(message)).isEqualTo("lambda-request " + inTime);
  }

  @Test
  void keepsTheMessageOfAnUnexpectedFailureShort() {
    assertThatThrownBy(() -> failing(new IllegalStateException("x".repeat(100_000))))
        .isExactlyInstanceOf(RetryableFailureException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSize(2_000))
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }

  @Test
  void dropsTheTraceOfAnErrorToo() {
    assertThatThrownBy(() -> failing(new StackOverflowError()))
        .isExactlyInstanceOf(StackOverflowError.class)
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }

  private void failing(Throwable failure) {
    new InvocationWrapper<String, String>(
            "collect",
            (request, invocation) -> {
              if (failure instanceof Error error) {
                throw error;
              }
              throw (RuntimeException) failure;
            },
            clock)
        .apply(org.springframework.messaging.support.MessageBuilder.withPayload("x").build());
  }

  private static Context context(int remainingMillis) {
    Context context = mock();
    when(context.getRemainingTimeInMillis()).thenReturn(remainingMillis);
    when(context.getAwsRequestId()).thenReturn("lambda-request");
    return context;
  }

  private static String golden(String example) throws IOException {
    String name = "/golden/" + example + ".json";
    try (InputStream in = FunctionsContextTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Pushes the same metric whenever it is asked. */
  private record OneMetric(Metric metric) implements MetricCollector {

    @Override
    public MetricType type() {
      return metric.series().type();
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) {
      consumer.accept(
          new Observation(
              metric.series(), metric.timestamp(), metric.value(), metric.unit(), metric.region()));
    }
  }
}
