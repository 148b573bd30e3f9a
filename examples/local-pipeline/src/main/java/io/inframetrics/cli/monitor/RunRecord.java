package io.inframetrics.cli.monitor;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code runs/<run id>/run.json} in the data folder: a run for programs to read. */
public final class RunRecord {

  private RunRecord() {}

  /** Writes the record atomically. */
  public static void write(Path dataFolder, String runId, ExecutionResult result)
      throws IOException {
    Path folder = Files.createDirectories(dataFolder.resolve("runs").resolve(runId));
    Path file = folder.resolve("run.json");
    Path unfinished = folder.resolve("run.json.unfinished");
    Files.writeString(
        unfinished,
        InputFile.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(runId, result))
            + "\n");
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static ObjectNode json(String runId, ExecutionResult result) {
    Trace trace = result.trace();
    ObjectNode json = InputFile.JSON.createObjectNode();
    json.put("run_id", runId);
    json.put("status", result.status().name());
    json.put("health", health(result));
    json.put("started_at", trace.start().toString());
    json.put("ended_at", trace.end().toString());
    json.put("seconds", seconds(trace.duration()));
    json.put("transitions", trace.transitions());
    ArrayNode states = json.putArray("states");
    for (Trace.Visited visited : trace.visits()) {
      ObjectNode state = states.addObject();
      state.put("state", visited.state());
      state.put("type", visited.type());
      state.put("outcome", visited.outcome().name());
      state.put("entered_at", visited.entered().toString());
      state.put("seconds", seconds(visited.duration()));
      state.put("retries", visited.retries());
    }
    ArrayNode delays = json.putArray("delays");
    for (Trace.Delay delay : trace.delays()) {
      ObjectNode each = delays.addObject();
      each.put("state", delay.state());
      each.put("kind", delay.kind() == Trace.DelayKind.WAIT ? "wait" : "retry");
      each.put("seconds", seconds(delay.duration()));
    }
    JsonNode output = result.output();
    if (output == null) {
      json.put("error", result.error());
      json.put("cause", result.cause());
    } else {
      json.set("output", output);
    }
    return json;
  }

  /**
   * The status of the last health check, {@code UNKNOWN} if there was none; {@code DEGRADED} also
   * if an analysis failed after it.
   */
  static String health(ExecutionResult result) {
    JsonNode last = result.output();
    String checked = checked(result, last);
    return checked.equals("HEALTHY") && last != null && hasFailedAnalysis(last)
        ? "DEGRADED"
        : checked;
  }

  private static boolean hasFailedAnalysis(JsonNode output) {
    for (JsonNode analysis : output.path("analyses")) {
      if (analysis.path("status").asString("").equals("FAILED")) {
        return true;
      }
    }
    return false;
  }

  private static String checked(ExecutionResult result, @Nullable JsonNode last) {
    if (last != null && last.path("health").has("status")) {
      return last.path("health").path("status").asString("UNKNOWN");
    }
    return result.trace().visits("CheckPipelineHealth").stream()
        .reduce((first, second) -> second)
        .map(Trace.Visited::output)
        .map(output -> output.path("health").path("status").asString("UNKNOWN"))
        .orElse("UNKNOWN");
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
