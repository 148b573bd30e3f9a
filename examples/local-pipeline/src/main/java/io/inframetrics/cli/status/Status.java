package io.inframetrics.cli.status;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.monitor.RunRecords;
import io.inframetrics.cli.page.RunPages;
import io.inframetrics.detect.ReadableText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a data folder says about the last run and about findings. Reads files only, so that a run in
 * progress does not matter.
 *
 * @param state how bad it is
 * @param reason why, in one line
 * @param run the record of the last run; missing if there was none
 * @param age since the last run ended; null if there was none
 * @param page of the last run, absolute; null if it has none
 * @param report the newest composed report; missing if there is none
 * @param findings that are open, the worst first
 * @param notJudged what the last analyses could not judge, one sentence each
 */
record Status(
    State state,
    String reason,
    JsonNode run,
    @Nullable Duration age,
    @Nullable Path page,
    JsonNode report,
    List<JsonNode> findings,
    List<String> notJudged) {

  private static final Path LATEST_REPORT = Path.of("reports", "latest.json");

  /** In the order of the exit codes of Nagios plugins. */
  enum State {
    OK(0),
    WARNING(1),
    CRITICAL(2),
    UNKNOWN(3);

    private final int exitCode;

    State(int exitCode) {
      this.exitCode = exitCode;
    }

    int exitCode() {
      return exitCode;
    }
  }

  private record Verdict(State state, String reason) {}

  /**
   * Reads a data folder.
   *
   * @param maxAge how old the last run may be; null for any age
   * @throws UsageException if a file in it is not what a run wrote
   */
  static Status of(Path data, @Nullable Duration maxAge, Instant now) {
    JsonNode run = new RunRecords(data).last().orElseGet(MissingNode::getInstance);
    JsonNode report = report(data, run);
    Duration age =
        run.isMissingNode() ? null : Duration.between(Instant.parse(text(run, "ended_at")), now);
    List<JsonNode> findings = new ArrayList<>();
    report.path("findings").forEach(findings::add);
    List<String> notJudged = notJudged(report);
    List<Verdict> verdicts = new ArrayList<>();
    if (run.isMissingNode()) {
      verdicts.add(new Verdict(State.UNKNOWN, "no run is recorded in '%s'".formatted(data)));
    } else if (maxAge != null && age != null && age.compareTo(maxAge) > 0) {
      verdicts.add(
          new Verdict(
              State.UNKNOWN, "the last run ended %s ago".formatted(ReadableText.duration(age))));
    } else {
      ofRun(run).ifPresent(verdicts::add);
      ofReport(run, report).ifPresent(verdicts::add);
    }
    // The worst of them; not to know is worse than anything.
    Verdict verdict =
        verdicts.stream()
            .max(Comparator.comparing(Verdict::state))
            .orElseGet(() -> new Verdict(State.OK, fine(run, report)));
    return new Status(
        verdict.state(), verdict.reason(), run, age, page(data, run), report, findings, notJudged);
  }

  private static @Nullable Path page(Path data, JsonNode run) {
    if (run.isMissingNode()) {
      return null;
    }
    Path page = RunPages.of(data, run).toAbsolutePath().normalize();
    return Files.isRegularFile(page) ? page : null;
  }

  private static Optional<Verdict> ofRun(JsonNode run) {
    String runId = text(run, "run_id");
    return switch (text(run, "status")) {
      case "SUCCEEDED" ->
          text(run, "health").equals("DEGRADED")
              ? Optional.of(new Verdict(State.WARNING, whyDegraded(run, runId)))
              : Optional.empty();
      case "ABORTED" ->
          Optional.of(
              new Verdict(State.UNKNOWN, "run %s was stopped before its end".formatted(runId)));
      default ->
          Optional.of(
              new Verdict(
                  State.CRITICAL,
                  "run %s %s: %s".formatted(runId, text(run, "status"), text(run, "error"))));
    };
  }

  private static String whyDegraded(JsonNode run, String runId) {
    JsonNode checked = run.path("output").path("health");
    if (text(checked, "status").equals("HEALTHY")) { // What came after the check failed.
      for (JsonNode analysis : run.path("output").path("analyses")) {
        if (text(analysis, "status").equals("FAILED")) {
          return "the analysis %s failed".formatted(text(analysis, "analysis"));
        }
      }
    }
    return checked.path("subject").asString("run %s is DEGRADED".formatted(runId));
  }

  private static Optional<Verdict> ofReport(JsonNode run, JsonNode report) {
    JsonNode own = run.path("output").path("report");
    if (own.isObject() && text(own, "report_key").isEmpty()) {
      return Optional.of(
          new Verdict(State.WARNING, "run %s composed no report".formatted(text(run, "run_id"))));
    }
    String severity = text(report, "severity");
    if (severity.equals("critical") || severity.equals("warning")) {
      return Optional.of(
          new Verdict(
              severity.equals("critical") ? State.CRITICAL : State.WARNING,
              withoutSeverity(text(report, "subject"))));
    }
    for (JsonNode analysis : report.path("analyses")) {
      if (analysis.path("failed").asBoolean(false)) {
        return Optional.of(
            new Verdict(
                State.WARNING, "the analysis %s failed".formatted(text(analysis, "analysis"))));
      }
    }
    return Optional.empty();
  }

  /** The subject leads with the severity, and so does every form of a status. */
  private static String withoutSeverity(String subject) {
    return subject.replaceFirst("^(CRITICAL|WARNING): ", "");
  }

  private static String fine(JsonNode run, JsonNode report) {
    return report.isMissingNode()
        ? "run %s is %s; nothing was analyzed here".formatted(text(run, "run_id"), health(run))
        : "run %s is %s, no open warnings".formatted(text(run, "run_id"), health(run));
  }

  private static String health(JsonNode run) {
    return text(run, "health");
  }

  private static List<String> notJudged(JsonNode report) {
    List<String> sentences = new ArrayList<>();
    for (JsonNode analysis : report.path("analyses")) {
      String name = text(analysis, "analysis");
      if (analysis.path("failed").asBoolean(false)) {
        sentences.add("%s: the analysis failed".formatted(name));
      }
      count(analysis, "series_not_judged")
          .ifPresent(
              n ->
                  sentences.add(
                      "%s: %s not judged yet, about %d more points needed"
                          .formatted(
                              name, n + " series", analysis.path("points_missing").asLong(0))));
      count(analysis, "series_in_other_unit")
          .ifPresent(
              n ->
                  sentences.add(
                      "%s: %s in another unit than the %s"
                          .formatted(
                              name,
                              n + " series",
                              name.equals("forecast") ? "capacity" : "limit")));
      count(analysis, "series_skipped")
          .ifPresent(n -> sentences.add("%s: %s skipped for time".formatted(name, n + " series")));
      count(analysis, "series_without_points")
          .ifPresent(n -> sentences.add("%s: %s without points".formatted(name, n + " series")));
      count(analysis, "failures")
          .ifPresent(n -> sentences.add("%s: %s could not be read".formatted(name, n + " series")));
    }
    return sentences;
  }

  private static Optional<Long> count(JsonNode analysis, String name) {
    return Optional.of(analysis.path(name).asLong(0)).filter(n -> n > 0);
  }

  /** The newest report; where reports are not in the folder, what the run's record has of it. */
  private static JsonNode report(Path data, JsonNode run) {
    Path file = data.resolve(LATEST_REPORT);
    if (Files.isRegularFile(file)) {
      return InputFile.json(file);
    }
    if (!(run.path("output").path("report") instanceof ObjectNode recorded)) {
      return MissingNode.getInstance();
    }
    ObjectNode report = recorded.deepCopy();
    ArrayNode findings = report.putArray("findings");
    for (JsonNode analysis : run.path("output").path("analyses")) {
      analysis.path("findings").forEach(findings::add);
    }
    return report;
  }

  static String text(JsonNode json, String name) {
    return json.path(name).asString("");
  }
}
