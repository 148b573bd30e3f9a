package io.inframetrics.functions.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.crac.Core;
import com.sun.net.httpserver.HttpServer;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.FunctionsContext;
import io.inframetrics.functions.lambda.snapstart.Priming;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What happens around a snapshot, by Lambda's implementation of CRaC in this process. */
@Isolated
class CheckpointTest {

  private static final String QUESTION =
      """
      {"run_id":"run-1","attempt":0,"max_attempts":3,"collections":[{"metric_type":"cpu_utilization",\
      "run_id":"run-1","observed_at":"2026-02-19T11:27:43Z","status":"COLLECTED","metric_count":1,\
      "objects":[{"key":"raw-metrics/a.json","metric_type":"cpu_utilization","metric_count":1}],\
      "sink_failures":[]}]}""";

  private final Clock clock = Clock.fixed(Instant.parse("2026-02-19T11:27:43Z"), ZoneOffset.UTC);
  private final AtomicInteger requests = new AtomicInteger();
  private final Set<String> sdkInvocations = new HashSet<>();
  private HttpServer aws;

  @BeforeAll
  static void chooseLambdasImplementation(@TempDir Path folder) throws IOException {
    // As Lambda's own start script does; read once, when the first resource is registered.
    System.setProperty("org.crac.Core.Compat", "com.amazonaws.services.lambda.crac");
    // It clears the DNS cache by the runtime client's native library, which nobody loads here.
    String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    Path library = folder.resolve("libaws-lambda-jni.so");
    try (InputStream in =
        Core.class.getResourceAsStream("/jni/libaws-lambda-jni.linux-" + arch + ".so")) {
      Files.copy(in, library);
    }
    System.load(library.toString());
  }

  @BeforeEach
  void listen() throws IOException {
    aws = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    aws.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          // First: a client that waits for 100 (Continue) may lose an answer that comes with it.
          exchange.getRequestBody().readAllBytes();
          sdkInvocations.add(exchange.getRequestHeaders().getFirst("amz-sdk-invocation-id"));
          byte[] nothing =
              "{\"Responses\":{},\"UnprocessedKeys\":{}}".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
          exchange.getResponseHeaders().set("ETag", "\"e\""); // Of what a PUT has stored.
          exchange.sendResponseHeaders(200, nothing.length);
          exchange.getResponseBody().write(nothing);
          exchange.close();
        });
    aws.start();
  }

  @AfterEach
  void stopListening() {
    aws.stop(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"collect", "process", "healthCheck", "analyze"})
  void primesEveryFunctionToItsEndWithoutASingleRequest(String function) {
    Map<String, String> environment = environment(function);

    new Priming(function, FunctionSettings.of(environment, clock), environment, clock).invoke();

    assertThat(requests).hasValue(0);
  }

  @Test
  void primesTheSourceThatReadsCloudWatch() {
    Map<String, String> environment = environment("collect");
    environment.put("INFRAMETRICS_SOURCE", "cloudwatch");
    environment.remove("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES");
    environment.put("INFRAMETRICS_COLLECTOR_CLOUDWATCH_MAX_INSTANCES", "30");

    assertThat(
            new Priming("collect", FunctionSettings.of(environment, clock), environment, clock)
                .invoke())
        .singleElement()
        .asString()
        .contains("\"status\":\"COLLECTED\"");

    assertThat(requests).hasValue(0);
  }

  @Test
  void makesClientsAndIdsOnlyAfterTheRestore() throws Exception {
    LambdaFunctionSetup installation = installation("healthCheck");
    try (FunctionsContext copy = FunctionsContext.start(installation.beans());
        FunctionsContext other = FunctionsContext.start(installation.beans())) {
      installation.prepareCheckpoint();

      Core.getGlobalContext().beforeCheckpoint(null);
      assertThat(requests).hasValue(0);

      Core.getGlobalContext().afterRestore(null);
      assertThat(status(copy)).isEqualTo("PENDING");
      assertThat(status(other)).isEqualTo("PENDING");
      assertThat(requests).hasValue(2);
      assertThat(sdkInvocations).doesNotContainNull().hasSize(2);
    }
  }

  @Test
  void derivesTheRunFromTheInvocationAndNotFromTheSnapshot() throws Exception {
    LambdaFunctionSetup installation = installation("collect");
    try (FunctionsContext copy = FunctionsContext.start(installation.beans());
        FunctionsContext other = FunctionsContext.start(installation.beans())) {
      installation.prepareCheckpoint();
      Core.getGlobalContext().beforeCheckpoint(null);
      Core.getGlobalContext().afterRestore(null);

      assertThat(runId(copy)).isNotEqualTo(runId(other)).doesNotContain("priming");
    }
  }

  @Test
  void doesNothingWithoutSnapStart() throws Exception {
    Map<String, String> environment = environment("collect");
    environment.remove("AWS_LAMBDA_INITIALIZATION_TYPE");
    AtomicInteger written = new AtomicInteger();
    LambdaFunctionSetup.of(environment, getClass().getClassLoader(), counting(written), clock)
        .prepareCheckpoint();

    Core.getGlobalContext().beforeCheckpoint(null);

    assertThat(requests).hasValue(0);
    assertThat(written).hasValue(0);
  }

  private static String status(FunctionsContext functions) {
    return JsonMapper.shared()
        .readTree(functions.call("healthCheck", QUESTION))
        .path("status")
        .asString();
  }

  private static String runId(FunctionsContext functions) {
    return JsonMapper.shared()
        .readTree(functions.call("collect", "{\"metric_type\":\"cpu_utilization\"}"))
        .path("run_id")
        .asString();
  }

  private LambdaFunctionSetup installation(String function) {
    return LambdaFunctionSetup.of(
        environment(function), getClass().getClassLoader(), counting(new AtomicInteger()), clock);
  }

  private static PrintStream counting(AtomicInteger bytes) {
    return new PrintStream(
        new OutputStream() {
          @Override
          public void write(int b) {
            bytes.incrementAndGet();
          }
        },
        true,
        StandardCharsets.UTF_8);
  }

  private Map<String, String> environment(String function) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SPRING_CLOUD_FUNCTION_DEFINITION", function);
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    environment.put("AWS_REGION", "eu-west-1");
    environment.put("AWS_ACCESS_KEY_ID", "test");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + aws.getAddress().getPort());
    environment.put("INFRAMETRICS_BUCKET", "metrics");
    environment.put("INFRAMETRICS_TABLE", "records");
    environment.put("INFRAMETRICS_SOURCE", "synthetic");
    environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "1");
    return environment;
  }
}
