package io.inframetrics.cli.monitor;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.ExecutionStatus;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Prints how a run ended: what is wrong, what was collected, and where the report is.
 *
 * @param history has the newest values
 * @param place says where the document with a key is
 * @param page of the run; null if it has none
 * @param sparklines whether to show how each series went
 */
public record RunSummary(
    PrintWriter out,
    MetricHistory history,
    UnaryOperator<String> place,
    @Nullable Path page,
    boolean sparklines,
    Deadline deadline) {

  private static final Logger LOG = LoggerFactory.getLogger(RunSummary.class);

  /** Characters of a reason. */
  private static final int MAX_REASON = 300;

  /** Series shown of each type; the report has the whole fleet. */
  private static final int MAX_SERIES = 8;

  /** Severities that need nobody's attention. */
  private static final Set<String> QUIET_SEVERITIES = Set.of("none", "info");

  /** Prints what was collected, with values, and what is wrong. */
  public void print(String runId, ExecutionResult result) {
    header(runId, result);
    JsonNode output = result.output();
    if (output != null) {
      if (isCollected(result)) {
        output.path("collections").forEach(each -> collection(each, true));
        notes(output.path("collections"));
      }
      analyses(output);
    }
    if (page != null) {
      out.println("  Page: " + page.toUri());
    }
    out.flush();
  }

  /** Prints only what is wrong, and nothing if nothing is. */
  public void printWhatIsWrong(String runId, ExecutionResult result) {
    if (isFine(result)) {
      return;
    }
    header(runId, result);
    JsonNode output = result.output();
    if (output != null) {
      for (JsonNode collection : output.path("collections")) {
        if (!text(collection, "status").equals("COLLECTED")) {
          collection(collection, false);
        }
      }
      notes(output.path("collections"));
      analyses(output);
    }
    if (page != null) {
      out.println("  Page: " + page.toUri());
    }
    out.flush();
  }

  /** Whether the run itself collected, and did not only name what to analyze. */
  private static boolean isCollected(ExecutionResult result) {
    return !result.trace().visits("CheckPipelineHealth").isEmpty();
  }

  private void header(String runId, ExecutionResult result) {
    out.println();
    out.printf(
        Locale.ROOT,
        "run %s %s, %s, in %s, %d state transitions%n",
        runId,
        result.status(),
        RunRecord.health(result),
        Progress.seconds(result.trace().duration()),
        result.trace().transitions());
    JsonNode output = result.output();
    if (result.status() == ExecutionStatus.ABORTED) {
      out.println("  stopped before it was complete; the next run continues with what is stored");
    } else if (output == null) {
      out.printf("  %s:%n", result.error());
      member(String.valueOf(result.cause()), "Cause")
          .lines()
          .forEach(line -> out.println("    " + line));
    } else {
      if (!severity(output).equals("none")) {
        out.printf("  %s%n", text(output.path("report"), "subject"));
      }
      for (JsonNode check : output.path("health").path("checks")) {
        if (text(check, "name").equals("dropped")) {
          out.printf("  not processed: %s%n", text(check, "detail"));
        }
      }
    }
  }

  /** Of the worst open finding; {@code none} also where nothing was analyzed. */
  public static String severity(JsonNode output) {
    return output.path("report").path("severity").asString("none");
  }

  /** Whether a run succeeded, with everything that belongs to it, and found nothing to act on. */
  private static boolean isFine(ExecutionResult result) {
    JsonNode output = result.output();
    if (output == null || !text(output.path("health"), "status").equals("HEALTHY")) {
      return false;
    }
    if (!output.has("analyses")) {
      return true;
    }
    for (JsonNode analysis : output.path("analyses")) {
      if (analysis.has("error")) {
        return false;
      }
    }
    return !text(output.path("report"), "report_key").isEmpty()
        && QUIET_SEVERITIES.contains(severity(output));
  }

  private void analyses(JsonNode output) {
    boolean composed = !text(output.path("report"), "report_key").isEmpty();
    for (JsonNode analysis : output.path("analyses")) {
      // The composed report names those of the analyses.
      text(analysis, "summary")
          .lines()
          .filter(line -> !composed || !line.startsWith("Report: "))
          .forEach(line -> out.println("  " + line));
      if (analysis.has("error")) {
        out.println("    " + Texts.oneLine(reason(analysis.path("error"))));
      }
    }
    if (output.has("report")) {
      String key = text(output.path("report"), "report_key");
      out.println(
          key.isEmpty() ? "  The report could not be composed." : "  Report: " + place.apply(key));
    }
  }

  private void collection(JsonNode collection, boolean values) {
    String type = text(collection, "metric_type");
    if (text(collection, "status").equals("FAILED")) {
      out.printf("  %-16s FAILED: %s%n", type, reason(collection.path("error")));
      return;
    }
    long observations = collection.path("metric_count").asLong(0);
    String key = collection.path("objects").path(0).path("key").asString("");
    out.printf(
        "  %-16s %d %s%s%n",
        type,
        observations,
        observations == 1 ? "observation" : "observations",
        key.isEmpty() ? "" : " in " + key);
    collection
        .path("sink_failures")
        .forEach(
            failure -> out.printf("    %s: %s%n", text(failure, "sink"), text(failure, "reason")));
    // Another definition's collections may have less.
    if (values && MetricType.isValid(type) && collection.has("observed_at")) {
      try {
        latest(new MetricType(type), Instant.parse(text(collection, "observed_at")));
      } catch (RuntimeException e) {
        // Such as a missing permission to read: the run is over, and this is only its summary.
        LOG.warn("the newest values of '{}' cannot be shown", type, e);
        out.printf(
            "    its values cannot be read: %s%n", Texts.oneLine(Texts.describe(e), MAX_REASON));
      }
    }
  }

  /** What the branches said, each sentence once. */
  private void notes(JsonNode collections) {
    Set<String> notes = new LinkedHashSet<>();
    collections.forEach(
        collection -> collection.path("notes").forEach(note -> notes.add(note.asString())));
    notes.forEach(note -> out.println("  note: " + note));
  }

  private void latest(MetricType type, Instant observedAt) {
    List<KnownSeries> series =
        history.series(type, observedAt.minus(Duration.ofHours(1)), deadline);
    for (KnownSeries known : series.subList(0, Math.min(MAX_SERIES, series.size()))) {
      int count = sparklines ? Sparkline.WIDTH : 1;
      List<Point> newest =
          history.points(known.series(), Instant.EPOCH, observedAt, count, deadline);
      if (!newest.isEmpty()) {
        out.printf(
            Locale.ROOT,
            "    %s%s  %.2f %s%s%n",
            known.series().instanceId(),
            known.series().dimensions().isEmpty() ? "" : " " + known.series().dimensions(),
            newest.get(newest.size() - 1).value(),
            known.unit() == MetricUnit.PERCENT ? "%" : known.unit().wireName(),
            sparklines ? "  " + Sparkline.of(newest) : "");
      }
    }
    if (series.size() > MAX_SERIES) {
      out.printf("    and %d more%n", series.size() - MAX_SERIES);
    }
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).asString("");
  }

  /** A Lambda error's message; any other cause unchanged. */
  private static String reason(JsonNode error) {
    return member(text(error, "Cause"), "errorMessage");
  }

  /** A text in the JSON object that {@code cause} is; any other cause unchanged. */
  private static String member(String cause, String name) {
    try {
      return InputFile.JSON.readTree(cause).path(name).asString(cause);
    } catch (JacksonException e) {
      return cause; // Not every cause is JSON.
    }
  }
}
