package io.inframetrics.cli.page;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cost.Prices;
import io.inframetrics.page.RunDetails;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.report.ComposeReport;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a page shows of a run's record.
 *
 * @param reportKey of the report that the run composed; null if it composed none
 * @param details null if an earlier version wrote the record, without the definition
 */
record RecordedRun(
    String runId, Instant observedAt, @Nullable String reportKey, @Nullable RunDetails details) {

  private static final String JSON = ".json";
  private static final String HTML = ".html";

  /**
   * Reads a record.
   *
   * @param definitions answers the text of the definition with a key
   * @throws UsageException if no run wrote it
   */
  static RecordedRun of(JsonNode run, Function<String, Optional<String>> definitions) {
    String runId = text(run, "run_id");
    try {
      Optional<String> definition =
          Optional.of(text(run, "definition"))
              .filter(key -> key.startsWith("definitions/"))
              .flatMap(definitions);
      String report = text(run.path("output").path("report"), "report_key");
      return new RecordedRun(
          runId,
          Instant.parse(text(run, "started_at")),
          report.isEmpty() ? null : report,
          definition.map(text -> details(run, text)).orElse(null));
    } catch (DateTimeException e) {
      throw new UsageException(
          "the record of run '%s' was not written by a run: %s".formatted(runId, e.getMessage()),
          e);
    }
  }

  /** Whether a run has, or should have, something to report: one that only collects has not. */
  static boolean hasPage(JsonNode run) {
    return !run.has("output") || run.path("output").has("report");
  }

  /** Where the page belongs in the data folder: beside the report. */
  String pageKey() {
    String key =
        reportKey != null
            ? reportKey
            : AnalyzeMetrics.reportKey(ComposeReport.REPORT, runId, observedAt);
    return (key.endsWith(JSON) ? key.substring(0, key.length() - JSON.length()) : key) + HTML;
  }

  private static RunDetails details(JsonNode run, String definition) {
    List<RunDetails.Visit> visits = new ArrayList<>();
    for (JsonNode state : run.path("states")) {
      visits.add(
          new RunDetails.Visit(
              text(state, "state"),
              text(state, "place"),
              text(state, "type"),
              text(state, "outcome"),
              Instant.parse(text(state, "entered_at")),
              seconds(state),
              state.path("retries").asInt(0)));
    }
    List<String> objects = new ArrayList<>();
    run.path("objects").forEach(key -> objects.add(key.asString("")));
    return new RunDetails(
        definition,
        text(run, "status"),
        orNull(run, "error"),
        orNull(run, "cause"),
        Instant.parse(text(run, "started_at")),
        Instant.parse(text(run, "ended_at")),
        visits,
        objects,
        calls(run, InputFile.JSON.readTree(definition)),
        cost(run));
  }

  /** How often the tasks called each resource, retries included, in the order of the first call. */
  private static Map<String, Long> calls(JsonNode run, JsonNode definition) {
    Map<String, String> resources = new HashMap<>();
    addResources(definition, resources);
    Map<String, Long> calls = new LinkedHashMap<>();
    for (JsonNode state : run.path("states")) {
      String resource = resources.getOrDefault(text(state, "state"), "");
      if (!resource.isEmpty()) {
        String name = resource.replaceAll("^\\$\\{(.*?)(Arn)?}$", "$1");
        calls.merge(name, 1L + state.path("retries").asInt(0), Long::sum);
      }
    }
    return calls;
  }

  /** Those of all states, of the ones in branches, too. */
  private static void addResources(JsonNode node, Map<String, String> resources) {
    for (Map.Entry<String, JsonNode> state : node.path("States").properties()) {
      resources.put(state.getKey(), text(state.getValue(), "Resource"));
    }
    node.forEach(child -> addResources(child, resources));
  }

  /** What the run itself says about its price; the rest depends on the deployment. */
  private static String cost(JsonNode run) {
    int transitions = run.path("transitions").asInt(0);
    return String.format(
        Locale.ROOT,
        "%,d state transitions are %.5f USD on AWS, beyond those that are free; on this machine nothing. The command cost computes a month",
        transitions,
        Prices.load().usd("states.transition", "us-east-1", transitions));
  }

  private static Duration seconds(JsonNode node) {
    return Duration.ofMillis(Math.round(node.path("seconds").asDouble(0) * 1_000));
  }

  private static @Nullable String orNull(JsonNode json, String name) {
    String text = text(json, name);
    return text.isEmpty() ? null : text;
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).asString("");
  }
}
