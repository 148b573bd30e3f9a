package io.inframetrics.functions.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLogProviderTest {

  private static final String OURS = "io.inframetrics.pipeline.collect.CollectMetrics";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void writesALineAsLambdaDoes() {
    JsonLogProvider provider = provider("INFO");
    provider.getMDCAdapter().put("AWSRequestId", "request-1");
    provider.getMDCAdapter().put("run_id", "run-1");

    provider.getLogger(OURS).info("collected {} of {}", 3, "cpu\n\"x\"");

    assertThat(text())
        .isEqualTo(
            """
            {"timestamp":"2026-02-19T11:27:43.120Z","level":"INFO","logger":"%s","message":"collected 3 of cpu\\n\\"x\\"","AWSRequestId":"request-1","run_id":"run-1"}
            """
                .formatted(OURS));
  }

  @Test
  void writesKeyValuePairsAsTheirTypes() {
    Logger log = provider("INFO").getLogger(OURS);

    log.atInfo()
        .addKeyValue("attempt", 2)
        .addKeyValue("throttled", true)
        .addKeyValue("ratio", 0.5)
        .addKeyValue("nothing", (Object) null)
        .addKeyValue("operation", "s3:PutObject")
        .addKeyValue("level", "mine")
        .log("called");

    JsonNode line = lines().get(0);
    assertThat(line.path("attempt").asInt()).isEqualTo(2);
    assertThat(line.path("throttled").isBoolean()).isTrue();
    assertThat(line.path("ratio").asDouble()).isEqualTo(0.5);
    assertThat(line.path("nothing").isNull()).isTrue();
    assertThat(line.path("operation").asString()).isEqualTo("s3:PutObject");
    assertThat(line.path("level").asString()).isEqualTo("INFO");
  }

  @Test
  void tellsAnExceptionWithItsCauses() {
    Exception cause = new IllegalStateException("the disk is full");

    provider("INFO")
        .getLogger(OURS)
        .warn("{} failed", "collect", new RuntimeException("no", cause));

    JsonNode line = lines().get(0);
    assertThat(line.path("message").asString()).isEqualTo("collect failed");
    assertThat(line.path("errorType").asString()).isEqualTo("java.lang.RuntimeException");
    assertThat(line.path("errorMessage").asString()).isEqualTo("no");
    assertThat(line.path("stackTrace").get(0).asString()).contains("JsonLogProviderTest");
    assertThat(line.path("stackTrace").toString())
        .contains("Caused by: java.lang.IllegalStateException: the disk is full");
    assertThat(line.path("stackTrace").size()).isLessThanOrEqualTo(52);
  }

  @Test
  void listensToOthersFromWarningsOnOnly() {
    JsonLogProvider provider = provider("DEBUG");
    String other = "org.springframework.cloud.function.adapter.aws.FunctionInvoker";

    provider.getLogger(other).info("Received: {}", "an event");
    provider.getLogger(other).warn("odd");
    provider.getLogger(OURS).debug("detail");
    provider.getLogger(OURS).trace("more detail");

    assertThat(lines())
        .extracting(line -> line.path("message").asString())
        .containsExactly("odd", "detail");
  }

  @Test
  void keepsErrorsWhenNothingElseIsWanted() {
    JsonLogProvider provider = provider("FATAL");

    provider.getLogger("org.other").warn("odd");
    provider.getLogger(OURS).warn("odd");
    provider.getLogger(OURS).error("broken");

    assertThat(lines()).hasSize(1);
  }

  private JsonLogProvider provider(String level) {
    return new JsonLogProvider(
        level,
        new LogLines(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            ManualClock.at(Instant.parse("2026-02-19T11:27:43.120456Z"))));
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private List<JsonNode> lines() {
    return text().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
  }
}
