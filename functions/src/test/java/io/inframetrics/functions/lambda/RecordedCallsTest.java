package io.inframetrics.functions.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.cost.RunRequests;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.FunctionsContext;
import io.inframetrics.functions.VerbBeans;
import io.inframetrics.functions.VerbMetrics;
import io.inframetrics.functions.aws.AwsStores;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.source.cloudwatch.CloudWatchCollectorFactory;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import io.inframetrics.testkit.aws.EmbeddedS3;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.FaultProxy;
import io.inframetrics.testkit.aws.ProxiedRequest;
import io.inframetrics.testkit.aws.RecordingServer;
import io.inframetrics.testkit.aws.cloudwatch.StoredMetric;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code deploy/calls.json} lists, which the template's permissions are held against, is what
 * the functions ask of stand-ins for S3, DynamoDB and CloudWatch, recorded in between.
 */
@Timeout(120)
class RecordedCallsTest {

  /**
   * Only after a fault does a function give an upload up, or ask whether a lost answer's upload of
   * quarantine or report is there; and no test has a report, refused or accepted lines or points
   * kept of eight megabytes, nor enough frequent runs for their points to be packed.
   */
  private static final Set<String> NOT_PROVOKED =
      Set.of(
          "collect dynamodb:Query table",
          "process dynamodb:Query table",
          "collect s3:AbortMultipartUpload raw-metrics/*",
          "collect s3:AbortMultipartUpload collected/*",
          "collect s3:CreateMultipartUpload collected/*",
          "collect s3:UploadPart collected/*",
          "collect s3:CompleteMultipartUpload collected/*",
          "collect s3:HeadObject collected/*",
          "process s3:AbortMultipartUpload quarantine/*",
          "process s3:AbortMultipartUpload accepted-metrics/*",
          "process s3:CreateMultipartUpload quarantine/*",
          "process s3:CreateMultipartUpload accepted-metrics/*",
          "process s3:UploadPart quarantine/*",
          "process s3:UploadPart accepted-metrics/*",
          "process s3:CompleteMultipartUpload quarantine/*",
          "process s3:CompleteMultipartUpload accepted-metrics/*",
          "process s3:HeadObject quarantine/*",
          "process s3:HeadObject accepted-metrics/*",
          "analyze s3:AbortMultipartUpload reports/*",
          "analyze s3:CreateMultipartUpload reports/*",
          "analyze s3:UploadPart reports/*",
          "analyze s3:CompleteMultipartUpload reports/*",
          "analyze s3:HeadObject reports/*");

  private static final JsonMapper JSON = JsonMapper.shared();

  private final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());
  private final FaultPlan plan = FaultPlan.passing();
  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.shared();
  private final RecordingServer cloudWatch = RecordingServer.start(clock);
  private final String bucket = s3.newBucket();
  private final String table = dynamoDb.newTableName();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, FaultProxy> proxies = new HashMap<>();
  private final Set<String> recorded = new TreeSet<>();
  private AwsClients direct;

  @BeforeEach
  void startTheStandIns() throws IOException {
    Map<String, URI> servers =
        Map.of(
            "s3", s3.endpoint(),
            "dynamodb", dynamoDb.endpoint(),
            "cloudwatch", cloudWatch.endpoint());
    for (Map.Entry<String, URI> server : servers.entrySet()) {
      URI uri = server.getValue();
      proxies.put(
          server.getKey(),
          FaultProxy.start(
              server.getKey(), new InetSocketAddress(uri.getHost(), uri.getPort()), plan));
    }
    Map<String, String> environment = new HashMap<>(s3.environment());
    environment.putAll(dynamoDb.environment()); // Whose keys part the tables.
    direct = AwsClients.fromEnvironment(environment);
    new DynamoDbTable(
            direct.build("dynamodb", DynamoDbClient.builder()),
            new AwsCalls(CallSettings.DEFAULTS, new Random(1), AwsCalls.Sleeper.THREAD))
        .createIfMissing(table, Deadlines.never());
  }

  @AfterEach
  void stopThem() {
    direct.close();
    proxies.values().forEach(FaultProxy::close);
    cloudWatch.close();
    s3.close();
    threads.shutdownNow();
  }

  /** Calls a function that has just started, and records what it asks for. */
  private String call(String bean, Map<String, String> more, String event) {
    Map<String, String> environment = new HashMap<>(dynamoDb.environment());
    environment.put("INFRAMETRICS_SOURCE", "synthetic");
    environment.putAll(more);
    environment.put("INFRAMETRICS_BUCKET", bucket);
    environment.put("INFRAMETRICS_TABLE", table);
    proxies.forEach(
        (service, proxy) ->
            environment.put(
                "AWS_ENDPOINT_URL_" + service.toUpperCase(Locale.ROOT), proxy.uri().toString()));
    FunctionSettings settings = FunctionSettings.of(environment, clock);
    int before = plan.requests().size();
    try (AwsStores stores =
            new AwsStores(settings, () -> AwsClients.fromEnvironment(environment), clock);
        FunctionsContext functions =
            FunctionsContext.start(
                new VerbBeans(
                        stores,
                        collectors(settings, environment),
                        settings.keys(),
                        settings.schedule(),
                        settings.analysis(),
                        threads,
                        VerbMetrics.NONE,
                        clock)
                    .copyingAccepted(settings.acceptedMetrics())
                    .linkingPages(stores::consoleLink))) {
      return functions.call(bean, event);
    } finally {
      plan.requests().stream()
          .skip(before)
          .forEach(request -> recorded.add(bean + " " + permission(request)));
    }
  }

  /** The source cloudwatch reads its region and endpoints from the environment of the process. */
  private CollectorRegistry collectors(FunctionSettings settings, Map<String, String> environment) {
    return settings.sources().contains("cloudwatch")
        ? CollectorRegistry.of(
            new CloudWatchCollectorFactory(environment)
                .create(new CollectorSettings("cloudwatch", Map.of(), clock)))
        : settings.discover(getClass().getClassLoader(), clock);
  }

  private String permission(ProxiedRequest request) {
    return switch (request.service()) {
      case "dynamodb" -> "dynamodb:" + request.target().replaceAll(".*\\.", "") + " table";
      case "cloudwatch" -> {
        String called = request.path().replaceAll(".*/", "");
        yield "cloudwatch:" + called + (called.equals("PutMetricData") ? " namespace" : " any");
      }
      default -> {
        URI uri = URI.create(request.path());
        String prefix = uri.getPath().split("/", -1)[2];
        yield "s3:" + operation(request.method(), uri.getQuery()) + " " + prefix + "/*";
      }
    };
  }

  private static String operation(String method, String query) {
    String asked = query == null ? "" : query;
    return switch (method) {
      case "HEAD" -> "HeadObject";
      case "GET" -> asked.contains("list-type") ? "ListObjectsV2" : "GetObject";
      case "PUT" -> asked.contains("partNumber") ? "UploadPart" : "PutObject";
      case "POST" ->
          asked.contains("uploadId") ? "CompleteMultipartUpload" : "CreateMultipartUpload";
      default -> asked.contains("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
    };
  }

  private void process(String key) {
    call(
        "process",
        Map.of("INFRAMETRICS_ACCEPTED_METRICS", "true"), // As the template does.
        "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"%s\"}}}"
            .formatted(key));
  }

  @Test
  void functionsCallWhatIsListedAndNothingElse() {
    String collected = call("collect", Map.of(), "{\"run_id\":\"run-1\"}");
    call("collect", Map.of(), "{\"run_id\":\"run-1\"}"); // A retry: the file that is there counts.
    call(
        "collect", // More than a part holds.
        Map.of(
            "INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "44",
            "INFRAMETRICS_COLLECTOR_SYNTHETIC_STEP", "PT10S"),
        "{\"run_id\":\"run-2\",\"metric_type\":\"cpu_utilization\"}");
    for (String name : List.of("CPUUtilization", "NetworkIn", "NetworkOut")) {
      cloudWatch
          .reading()
          .store(StoredMetric.of("AWS/EC2", name, Map.of("InstanceId", "i-1"), at -> 1));
    }
    String watched =
        call("collect", Map.of("INFRAMETRICS_SOURCE", "cloudwatch"), "{\"run_id\":\"run-3\"}");
    assertThat(watched)
        .contains(
            "\"status\":\"COLLECTED\",\"metric_count\":84", "no agent: memory and disk unknown");
    JsonNode collection = JSON.readTree(collected);
    collection.path("objects").forEach(object -> process(object.path("key").stringValue()));
    putAFileOfOthers();
    process("raw-metrics/2026/02/19/metrics-disk_usage-1771500463-0a1b2c3d.json");
    String health =
        call(
            "healthCheck",
            Map.of(),
            "{\"run_id\":\"run-1\",\"attempt\":0,\"max_attempts\":6,\"collections\":[%s]}"
                .formatted(collected));
    List<String> analyses = new ArrayList<>();
    for (String analysis : List.of("anomalies", "forecast")) {
      analyses.add(
          call(
              "analyze",
              Map.of(),
              "{\"analysis\":\"%s\",\"run_id\":\"run-1\",\"collections\":[%s]}"
                  .formatted(analysis, collected)));
    }
    int before = plan.requests().size();
    String report =
        call(
            "analyze",
            Map.of(),
            "{\"analysis\":\"report\",\"run_id\":\"run-1\",\"observed_at\":\"%s\",\"health\":%s,\"analyses\":%s}"
                .formatted(clock.instant(), health, analyses));
    List<String> composing =
        plan.requests().stream()
            .skip(before)
            .map(request -> request.method() + " " + request.path().replaceAll("[?].*", ""))
            .toList();
    String page = "/reports/2026/02/19/report-run-1.html";

    assertThat(JSON.readTree(report).path("summary").stringValue())
        .endsWith(
            "\nPage: https://eu-west-1.console.aws.amazon.com/s3/object/%s?region=eu-west-1&prefix=%s"
                .formatted(bucket, page.substring(1)));
    assertThat(composing.stream().filter(request -> request.startsWith("GET")))
        .as("what there was, the reports of the analyses, and the page's: %s", composing)
        .hasSize(2 + 2 + RunRequests.PAGE_READS);
    assertThat(composing.stream().filter(request -> request.startsWith("PUT")).toList())
        .containsExactly(
            "PUT /" + bucket + page.replace("html", "json"),
            "PUT /" + bucket + page,
            "PUT /" + bucket + "/reports/latest.json");

    Set<String> listed = new TreeSet<>();
    Map<String, JsonNode> functions = new TreeMap<>();
    JSON.readTree(Path.of("..", "deploy", "calls.json"))
        .properties()
        .forEach(function -> functions.put(function.getKey(), function.getValue()));
    functions.remove("none");
    functions.forEach(
        (bean, calls) ->
            calls
                .properties()
                .forEach(
                    call -> {
                      JsonNode on = call.getValue();
                      (on.isArray() ? on.valueStream() : Stream.of(on))
                          .forEach(
                              each ->
                                  listed.add(
                                      bean + " " + call.getKey() + " " + each.stringValue()));
                    }));
    assertThat(listed).containsAll(NOT_PROVOKED);
    listed.removeAll(NOT_PROVOKED);
    assertThat(recorded).isEqualTo(listed);
  }

  /**
   * A file that no collector of ours wrote, with a bad line and a disk that is nearly full: nothing
   * of it is stored yet.
   */
  private void putAFileOfOthers() {
    String line =
        "{\"metric_id\":\"disk_usage#theirs#1771500463\",\"metric_type\":\"disk_usage\",\"timestamp\":1771500463,"
            + "\"value\":97.5,\"unit\":\"Percent\",\"instance_id\":\"theirs\",\"region\":\"eu-west-1\","
            + "\"run_id\":\"run-9\",\"collected_at\":\"2026-02-19T11:27:43Z\"}";
    try (S3Client objects = S3Stores.client(direct)) {
      objects.putObject(
          put ->
              put.bucket(bucket)
                  .key("raw-metrics/2026/02/19/metrics-disk_usage-1771500463-0a1b2c3d.json"),
          RequestBody.fromBytes((line + "\nno JSON\n").getBytes(StandardCharsets.UTF_8)));
    }
  }
}
