package io.inframetrics.cli;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.time.Deadline;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.ExecutionStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

record RunSummary(PrintWriter out, MetricHistory history, Deadline deadline) {

  /** Series shown of each type; the report has the whole fleet. */
  private static final int MAX_SERIES = 8;

  /**
   * Prints how a run ended.
   *
   * @param onlyWhatIsWrong whether to print nothing if nothing is wrong, and no values
   */
  void print(String runId, ExecutionResult result, boolean onlyWhatIsWrong) {
    if (onlyWhatIsWrong && isFine(result)) {
      return;
    }
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
      out.printf("  %s: %s%n", result.error(), result.cause());
    } else {
      output.path("collections").forEach(each -> collection(each, !onlyWhatIsWrong));
      output
          .path("analyses")
          .forEach(
              analysis ->
                  text(analysis, "summary").lines().forEach(line -> out.println("  " + line)));
    }
    out.flush();
  }

  /** Whether a run succeeded, with everything that belongs to it, and found nothing. */
  private static boolean isFine(ExecutionResult result) {
    JsonNode output = result.output();
    return output != null
        && output.path("health").path("status").asString("").equals("HEALTHY")
        && StreamSupport.stream(output.path("analyses").spliterator(), false)
            .allMatch(analysis -> !analysis.has("error") && analysis.path("findings").isEmpty());
  }

  private void collection(JsonNode collection, boolean values) {
    String type = text(collection, "metric_type");
    if (text(collection, "status").equals("FAILED")) {
      out.printf("  %-16s FAILED: %s%n", type, reason(collection.path("error")));
      return;
    }
    long observations = collection.path("metric_count").asLong(0);
    out.printf(
        "  %-16s %d %s in %s%n",
        type,
        observations,
        observations == 1 ? "observation" : "observations",
        collection.path("objects").path(0).path("key").asString(""));
    collection
        .path("sink_failures")
        .forEach(
            failure -> out.printf("    %s: %s%n", text(failure, "sink"), text(failure, "reason")));
    if (values) {
      latest(new MetricType(type), Instant.parse(text(collection, "observed_at")));
    }
  }

  private void latest(MetricType type, Instant observedAt) {
    List<KnownSeries> series =
        history.series(type, observedAt.minus(Duration.ofHours(1)), deadline);
    for (KnownSeries known : series.subList(0, Math.min(MAX_SERIES, series.size()))) {
      List<Point> newest = history.points(known.series(), Instant.EPOCH, observedAt, 1, deadline);
      if (!newest.isEmpty()) {
        out.printf(
            Locale.ROOT,
            "    %s%s  %.2f %s%n",
            known.series().instanceId(),
            known.series().dimensions().isEmpty() ? "" : " " + known.series().dimensions(),
            newest.get(0).value(),
            known.unit() == MetricUnit.PERCENT ? "%" : known.unit().wireName());
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
    String cause = text(error, "Cause");
    try {
      return InputFile.JSON.readTree(cause).path("errorMessage").asString(cause);
    } catch (JacksonException e) {
      return cause; // Not every cause is JSON.
    }
  }
}
