package io.inframetrics.pipeline.report;

import static io.inframetrics.pipeline.report.JsonValues.flag;
import static io.inframetrics.pipeline.report.JsonValues.number;
import static io.inframetrics.pipeline.report.JsonValues.text;

import io.inframetrics.detect.Severity;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * A finding as a stored report has it.
 *
 * @param analysis that found it
 * @param start when it began, as far as is known
 * @param ongoing whether it continues; one that is over is reported by one run
 * @param analyzed whether this run looked; false if only the run before reported it, and nobody
 *     knows that it is over
 * @param value that the reason names, in {@code unit}
 * @param secondsLeft until the capacity is reached; null unless a forecast says so
 */
record ReportedFinding(
    String analysis,
    String seriesId,
    String detector,
    Severity severity,
    Instant start,
    Instant latest,
    boolean ongoing,
    boolean analyzed,
    double value,
    String unit,
    String reason,
    @Nullable Long secondsLeft) {

  /** The worst first; then what continues, then what is full the soonest. */
  static final Comparator<ReportedFinding> WORST_FIRST =
      Comparator.comparing(ReportedFinding::severity)
          .reversed()
          .thenComparing(finding -> !finding.ongoing)
          .thenComparing(finding -> !finding.analyzed)
          .thenComparing(
              finding -> finding.secondsLeft == null ? Long.MAX_VALUE : finding.secondsLeft);

  /** What makes it the same finding in the next run. */
  record Identity(String analysis, String seriesId, String detector) {}

  Identity identity() {
    return new Identity(analysis, seriesId, detector);
  }

  ReportedFinding notAnalyzed() {
    return new ReportedFinding(
        analysis,
        seriesId,
        detector,
        severity,
        start,
        latest,
        ongoing,
        false,
        value,
        unit,
        reason,
        secondsLeft);
  }

  /** A finding in the report of an analysis, or in that of a run. */
  static ReportedFinding read(String analysis, Map<String, @Nullable Object> json) {
    boolean ongoing =
        flag(json, "ongoing")
            || JsonValues.objects(json.get("members")).stream()
                .anyMatch(member -> flag(member, "ongoing"));
    Number value = number(json, "value");
    Number left = number(json, "seconds_left");
    for (Map<String, @Nullable Object> forecast : JsonValues.objects(json.get("forecast"))) {
      left = text(forecast, "outcome").equals("EXHAUSTED") ? 0 : number(forecast, "seconds_left");
    }
    return new ReportedFinding(
        analysis,
        text(json, "series_id"),
        text(json, "detector"),
        Severity.valueOf(text(json, "severity").toUpperCase(Locale.ROOT)),
        Instant.parse(text(json, "start")),
        Instant.parse(text(json, "latest")),
        ongoing,
        !Boolean.FALSE.equals(json.get("analyzed")),
        value == null ? 0 : value.doubleValue(),
        text(json, "unit"),
        text(json, "reason"),
        left == null ? null : left.longValue());
  }

  /** The properties of an object that is begun. */
  void write(JsonGenerator json) {
    json.writeStringProperty("analysis", analysis);
    json.writeStringProperty("series_id", seriesId);
    json.writeStringProperty("detector", detector);
    json.writeStringProperty("severity", severity.name().toLowerCase(Locale.ROOT));
    json.writeStringProperty("start", start.toString());
    json.writeStringProperty("latest", latest.toString());
    json.writeBooleanProperty("ongoing", ongoing);
    json.writeBooleanProperty("analyzed", analyzed);
    json.writeNumberProperty("value", value);
    json.writeStringProperty("unit", unit);
    json.writeStringProperty("reason", reason);
    if (secondsLeft != null) {
      json.writeNumberProperty("seconds_left", secondsLeft);
    }
  }
}
