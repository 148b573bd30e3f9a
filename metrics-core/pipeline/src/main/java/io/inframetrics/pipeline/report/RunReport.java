package io.inframetrics.pipeline.report;

import static io.inframetrics.pipeline.report.JsonValues.flag;
import static io.inframetrics.pipeline.report.JsonValues.objects;
import static io.inframetrics.pipeline.report.JsonValues.text;

import io.inframetrics.pipeline.analysis.Mute;
import io.inframetrics.pipeline.health.CheckPipelineHealth;
import io.inframetrics.pipeline.report.ComposeReport.Health;
import io.inframetrics.pipeline.report.ComposeReport.Result;
import io.inframetrics.pipeline.report.ReportedFinding.Identity;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * What was known after a run, as its report stores it, so that the next run can be compared.
 *
 * @param failed analyses that failed
 * @param findings that were delivered, the worst first
 */
record RunReport(
    String runId,
    Instant observedAt,
    String status,
    List<String> failed,
    List<ReportedFinding> findings) {

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  /** A finding that is not delivered, and why. */
  record Muted(ReportedFinding finding, Mute mute) {}

  /** A report, and what it was compared with; that is null in the first of all. */
  record Stored(RunReport report, @Nullable RunReport before) {}

  /** Those that continue, by identity. */
  private Map<Identity, ReportedFinding> open() {
    Map<Identity, ReportedFinding> open = new HashMap<>();
    findings.stream()
        .filter(ReportedFinding::ongoing)
        .forEach(finding -> open.put(finding.identity(), finding));
    return open;
  }

  /** Findings that {@code before} did not have: those that continue, and all that came and went. */
  Set<Identity> newSince(@Nullable RunReport before) {
    Set<Identity> known = before == null ? Set.of() : before.open().keySet();
    return findings.stream()
        .filter(finding -> !finding.ongoing() || !known.contains(finding.identity()))
        .map(ReportedFinding::identity)
        .collect(Collectors.toSet());
  }

  /** Whether people who saw {@code before} would learn anything from this report. */
  boolean changedSince(@Nullable RunReport before, List<Muted> muted) {
    if (before == null
        || !before.status.equals(status)
        || !before.failed.equals(failed)
        || !newSince(before).isEmpty()) {
      return true;
    }
    Map<Identity, ReportedFinding> known = before.open();
    Map<Identity, ReportedFinding> open = open();
    Set<Identity> goingOn = new HashSet<>(open.keySet());
    muted.forEach(one -> goingOn.add(one.finding().identity()));
    return !goingOn.containsAll(known.keySet())
        || known.values().stream()
            .anyMatch(
                earlier -> {
                  ReportedFinding now = open.get(earlier.identity());
                  return now != null && now.severity() != earlier.severity();
                });
  }

  /** Throws a JacksonException or IllegalArgumentException if it is not the report of a run. */
  static Stored read(InputStream in) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new StreamReadException(json, "not a JSON object");
      }
      List<Map<String, @Nullable Object>> whole = objects(JsonValues.value(json));
      List<Map<String, @Nullable Object>> before = objects(whole.get(0).get("before"));
      return new Stored(of(whole.get(0)), before.isEmpty() ? null : of(before.get(0)));
    }
  }

  private static RunReport of(Map<String, @Nullable Object> json) {
    return new RunReport(
        text(json, "run_id"),
        Instant.parse(text(json, "observed_at")),
        text(json, "status"),
        objects(json.get("analyses")).stream()
            .filter(analysis -> flag(analysis, "failed"))
            .map(analysis -> text(analysis, "analysis"))
            .toList(),
        objects(json.get("findings")).stream()
            .map(finding -> ReportedFinding.read(text(finding, "analysis"), finding))
            .toList());
  }

  /**
   * Writes the whole report.
   *
   * @param checked the status that the health check answered
   * @param health what else it answered, if that is known
   */
  void write(
      OutputStream out,
      Result result,
      String checked,
      @Nullable Health health,
      List<Muted> muted,
      List<AnalysisOutcome> outcomes,
      Map<String, String> reportKeys,
      @Nullable RunReport before) {
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeStringProperty("run_id", runId);
      json.writeStringProperty("observed_at", observedAt.toString());
      json.writeStringProperty("status", status);
      json.writeStringProperty("subject", result.subject());
      json.writeStringProperty("severity", result.severityWord());
      json.writeBooleanProperty("changed", result.changed());
      json.writeNumberProperty("new_findings", result.newFindings());
      health(json, checked, health);
      findings(json);
      json.writeArrayPropertyStart("muted");
      for (Muted one : muted) {
        json.writeStartObject();
        one.finding().write(json);
        json.writeStringProperty("muted_until", one.mute().until().toString());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayPropertyStart("analyses");
      for (AnalysisOutcome outcome : outcomes) {
        json.writeStartObject();
        json.writeStringProperty("analysis", outcome.analysis());
        json.writeBooleanProperty("failed", outcome.failed());
        json.writeStringProperty("report_key", reportKeys.getOrDefault(outcome.analysis(), ""));
        outcome.counts().forEach(json::writeNumberProperty);
        json.writeEndObject();
      }
      json.writeEndArray();
      if (before != null) {
        json.writeObjectPropertyStart("before");
        before.snapshot(json);
        json.writeEndObject();
      }
      json.writeStringProperty("summary", result.summary());
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void health(JsonGenerator json, String status, @Nullable Health health) {
    json.writeObjectPropertyStart("health");
    json.writeStringProperty("status", status);
    if (health != null) {
      json.writeNumberProperty("expected", health.expected());
      json.writeNumberProperty("processed", health.processed());
      texts(json, "missing", health.missing());
      texts(json, "failed_branches", health.failedBranches());
      json.writeArrayPropertyStart("checks");
      for (CheckPipelineHealth.Check check : health.checks()) {
        json.writeStartObject();
        json.writeStringProperty("name", check.name());
        json.writeBooleanProperty("ok", check.ok());
        json.writeStringProperty("detail", check.detail());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String name, List<String> texts) {
    json.writeArrayPropertyStart(name);
    texts.forEach(json::writeString);
    json.writeEndArray();
  }

  /** What {@link #of} reads. */
  private void snapshot(JsonGenerator json) {
    json.writeStringProperty("run_id", runId);
    json.writeStringProperty("observed_at", observedAt.toString());
    json.writeStringProperty("status", status);
    findings(json);
    json.writeArrayPropertyStart("analyses");
    for (String analysis : failed) {
      json.writeStartObject();
      json.writeStringProperty("analysis", analysis);
      json.writeBooleanProperty("failed", true);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void findings(JsonGenerator json) {
    json.writeArrayPropertyStart("findings");
    for (ReportedFinding finding : findings) {
      json.writeStartObject();
      finding.write(json);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
