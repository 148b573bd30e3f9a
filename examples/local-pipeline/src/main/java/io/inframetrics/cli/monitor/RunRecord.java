package io.inframetrics.cli.monitor;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.naming.Sha256;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code runs/<run id>/run.json} in the data folder: a run for programs to read. */
public final class RunRecord {

  private RunRecord() {}

  /**
   * Writes the record atomically, and returns it.
   *
   * @param definition the text of the state machine that was executed; one file of the folder has
   *     it, for all runs
   */
  public static JsonNode write(
      Path dataFolder, String runId, String definition, ExecutionResult result) throws IOException {
    ObjectNode json = json(runId, keep(dataFolder, definition), result);
    write(
        dataFolder.resolve("runs").resolve(runId).resolve("run.json"),
        InputFile.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    return json;
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    Files.writeString(unfinished, text);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The key of the file that has this definition; it stays as long as runs execute it. */
  private static String keep(Path dataFolder, String definition) throws IOException {
    String key = "definitions/%s.asl.json".formatted(Sha256.hex(definition).substring(0, 16));
    Path file = dataFolder.resolve(key);
    if (Files.exists(file)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } else {
      write(file, definition);
    }
    return key;
  }

  private static ObjectNode json(String runId, String definitionKey, ExecutionResult result) {
    Trace trace = result.trace();
    ObjectNode json = InputFile.JSON.createObjectNode();
    json.put("run_id", runId);
    json.put("status", result.status().name());
    json.put("health", health(result));
    json.put("started_at", trace.start().toString());
    json.put("ended_at", trace.end().toString());
    json.put("seconds", seconds(trace.duration()));
    json.put("transitions", trace.transitions());
    json.put("definition", definitionKey);
    ArrayNode states = json.putArray("states");
    for (Trace.Visited visited : trace.visits()) {
      ObjectNode state = states.addObject();
      state.put("state", visited.state());
      state.put("place", visited.place());
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
      each.put("begun_at", delay.begun().toString());
      each.put("seconds", seconds(delay.duration()));
    }
    ArrayNode objects = json.putArray("objects");
    objects(trace, result.output()).forEach(objects::add);
    JsonNode output = result.output();
    if (output == null) {
      json.put("error", result.error());
      json.put("cause", result.cause());
    } else {
      json.set("output", output);
    }
    return json;
  }

  /** The keys of what the run wrote, in the order of the answers that name them. */
  private static Set<String> objects(Trace trace, @Nullable JsonNode output) {
    Set<String> keys = new LinkedHashSet<>();
    for (Trace.Visited visited : trace.visits()) {
      addObjects(visited.output(), keys);
    }
    addObjects(output, keys);
    keys.remove("");
    return keys;
  }

  private static void addObjects(@Nullable JsonNode answer, Set<String> keys) {
    if (answer == null) {
      return;
    }
    answer.path("objects").forEach(object -> keys.add(object.path("key").asString("")));
    answer.path("collections").forEach(collection -> addObjects(collection, keys));
    for (JsonNode analysis : answer.path("analyses")) {
      keys.add(analysis.path("report_key").asString(""));
    }
    keys.add(answer.path("report").path("report_key").asString(""));
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
