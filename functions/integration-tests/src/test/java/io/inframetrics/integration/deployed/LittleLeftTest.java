package io.inframetrics.integration.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.FaultProxy;
import io.inframetrics.testkit.aws.LambdaProcess;
import io.inframetrics.testkit.aws.LambdaRuntimeApi.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Functions under the real runtime client that have little memory, or little time. */
@Tag("soak")
@Timeout(300)
class LittleLeftTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final List<String> NAMES = List.of("collect", "process", "healthCheck", "analyze");

  @TempDir static Path work;

  private static DeployedStack stack;

  @BeforeAll
  static void deploy() throws IOException {
    stack = new DeployedStack(work);
  }

  @AfterAll
  static void remove() {
    stack.close();
  }

  private static LambdaProcess.Builder function(String name) {
    return stack.function(name).environment(DeployedPipeline.variables(name));
  }

  private static String event(String name, String run, String collected) {
    return switch (name) {
      case "collect" -> "{\"run_id\":\"%s\"}".formatted(run);
      case "process" ->
          "{\"detail\":{\"object\":{\"key\":\"%s\"}}}"
              .formatted(JSON.readTree(collected).at("/objects/0/key").asString());
      case "healthCheck" ->
          "{\"run_id\":\"%s\",\"attempt\":0,\"max_attempts\":3,\"collections\":[%s]}"
              .formatted(run, collected);
      default ->
          "{\"analysis\":\"anomalies\",\"run_id\":\"%s\",\"collections\":[%s]}"
              .formatted(run, collected);
    };
  }

  @Test
  void answerWithAHeapOf40Megabytes() {
    String collected = "";
    for (String name : NAMES) {
      try (LambdaProcess function = function(name).flags("-Xmx40m").start()) {
        Answer answer = function.invoke(event(name, "small", collected));

        assertThat(answer.errorType()).as(name + answer.body()).isNull();
        collected = name.equals("collect") ? answer.body() : collected;
      }
    }
  }

  /** Each request to a store takes so long that most functions cannot do their work. */
  @Test
  void answerOrAskForAnotherTryWithThreeSecondsLeft() {
    AtomicLong delay = new AtomicLong();
    FaultPlan plan =
        FaultPlan.deciding(
            request -> {
              try {
                TimeUnit.MILLISECONDS.sleep(delay.get());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return Fault.PASS;
            });
    List<FaultProxy> proxies = new ArrayList<>();
    Map<String, String> slow = new HashMap<>();
    stack
        .servers()
        .forEach(
            (variable, value) -> {
              if (variable.startsWith("AWS_ENDPOINT_URL")) {
                URI server = URI.create(value);
                proxies.add(
                    FaultProxy.start(
                        variable, new InetSocketAddress(server.getHost(), server.getPort()), plan));
                slow.put(variable, proxies.get(proxies.size() - 1).uri().toString());
              }
            });
    String collected = "";
    for (String name : NAMES) {
      try (LambdaProcess function = function(name).environment(slow).start()) {
        delay.set(0);
        Answer quick = function.invoke(event(name, "quick", collected));
        assertThat(quick.errorType()).as(name + quick.body()).isNull();
        collected = name.equals("collect") ? quick.body() : collected;
        delay.set(800);
        long start = System.nanoTime();
        Answer answer = function.invoke(event(name, "slow", collected), Duration.ofSeconds(3));

        // The proxy holds a request that nobody waits for any more.
        assertThat(Duration.ofNanos(System.nanoTime() - start))
            .as(name)
            .isLessThan(Duration.ofSeconds(8));
        if (answer.errorType() != null) {
          assertThat(answer.errorType()).isEqualTo(RetryableFailureException.class.getName());
          JsonNode error = JSON.readTree(answer.body());
          assertThat(error.path("errorMessage").asString().lines()).as(name).hasSize(1);
        }
      }
    }
    proxies.forEach(FaultProxy::close);
  }
}
