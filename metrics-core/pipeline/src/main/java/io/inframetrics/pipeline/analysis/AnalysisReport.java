package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Forecast;
import io.inframetrics.detect.SeriesSummary;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.analysis.AnalysisMemory.ClosedFinding;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.RunLedger.OpenFinding;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.MinimalPrettyPrinter;

/**
 * Writes the complete report of a run as a JSON object, as the run goes on: what was known before,
 * the series one after another, then findings, gaps and the summary. The same input gives the same
 * bytes. Each element of a list has a line of its own. {@link AnalysisReportReader} reads it.
 */
final class AnalysisReport implements AutoCloseable {

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu/MM/dd/", Locale.ROOT);

  /** More digits would differ between platforms that print the same double differently. */
  private static final MathContext DIGITS = new MathContext(9);

  /** Powers of ten up to which a number is written out, as people read it. */
  private static final int MAX_ZEROS = 15;

  private static final int MAX_NAME_LENGTH = 80;

  private final JsonGenerator json;

  private AnalysisReport(JsonGenerator json) {
    this.json = json;
  }

  /** Where the report of a run is kept. */
  static String key(String analysis, String runId, Instant observedAt) {
    String name = runId.replaceAll("[^A-Za-z0-9._-]", "_");
    name = name.length() > MAX_NAME_LENGTH ? name.substring(0, MAX_NAME_LENGTH) : name;
    if (!name.equals(runId)) {
      // Two run ids must not meet under one name.
      name += "-" + Sha256.hex(runId).substring(0, 8);
    }
    return "reports/"
        + DAY.format(LocalDate.ofInstant(observedAt, ZoneOffset.UTC))
        + analysis
        + "-"
        + name
        + ".json";
  }

  /** Starts a report; from here on {@link #series} may be called. */
  static AnalysisReport start(
      OutputStream out,
      String analysis,
      String runId,
      Instant observedAt,
      List<OpenFinding> openBefore,
      List<CollectionResult> collections) {
    JsonGenerator json = JSON.createGenerator(new Lines(), out);
    json.writeStartObject();
    json.writeStringProperty("analysis", analysis);
    json.writeStringProperty("run_id", runId);
    json.writeStringProperty("observed_at", observedAt.toString());
    json.writeArrayPropertyStart("open_before");
    for (OpenFinding finding : openBefore) {
      json.writeStartObject();
      identity(json, finding);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("collections");
    for (CollectionResult collection : collections) {
      json.writeStartObject();
      json.writeStringProperty("metric_type", collection.metricType());
      json.writeStringProperty("status", collection.status().name());
      json.writeArrayPropertyStart("keys");
      for (CollectedObject object : collection.objects()) {
        json.writeString(object.key());
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("series");
    return new AnalysisReport(json);
  }

  /** Adds a series that was read. */
  void series(KnownSeries known, SeriesSummary summary, Optional<Forecast> forecast) {
    Series series = known.series();
    json.writeStartObject();
    json.writeStringProperty("series_id", series.id());
    json.writeStringProperty("metric_type", series.type().name());
    json.writeStringProperty("instance_id", series.instanceId());
    if (!series.dimensions().isEmpty()) {
      json.writeObjectPropertyStart("dimensions");
      series.dimensions().forEach(json::writeStringProperty);
      json.writeEndObject();
    }
    json.writeStringProperty("region", known.region());
    json.writeStringProperty("unit", known.unit().wireName());
    json.writeNumberProperty("points", summary.count());
    json.writeStringProperty("from", summary.from().toString());
    json.writeStringProperty("to", summary.to().toString());
    number(json, "min", summary.min());
    number(json, "max", summary.max());
    number(json, "mean", summary.mean());
    number(json, "median", summary.median());
    number(json, "p95", summary.p95());
    number(json, "latest", summary.latest());
    forecast.ifPresent(
        told -> {
          json.writeObjectPropertyStart("forecast");
          forecast(json, told);
          json.writeStringProperty("words", told.words());
          json.writeEndObject();
        });
    json.writeEndObject();
  }

  /** Ends the report. */
  void finish(AnalysisProgress progress, AnalysisFindings findings, String summary) {
    json.writeEndArray();
    json.writeArrayPropertyStart("findings");
    for (Incident incident : findings.incidents()) {
      json.writeStartObject();
      finding(json, incident.finding());
      if (!incident.members().isEmpty()) {
        json.writeArrayPropertyStart("members");
        for (TrackedFinding member : incident.members()) {
          json.writeStartObject();
          finding(json, member);
          json.writeEndObject();
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("closed");
    findings.closed().forEach(closed -> closed(json, closed));
    json.writeEndArray();
    json.writeArrayPropertyStart("gone");
    findings.gone().forEach(gone -> closed(json, gone));
    json.writeEndArray();
    json.writeArrayPropertyStart("failed");
    for (AnalysisProgress.Failure failure : progress.failures()) {
      json.writeStartObject();
      json.writeStringProperty("what", failure.what());
      json.writeStringProperty("reason", failure.reason());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("types_skipped");
    progress.typesSkipped().forEach(type -> json.writeString(type.name()));
    json.writeEndArray();
    json.writeArrayPropertyStart("skipped");
    progress.skipped().forEach(json::writeString);
    json.writeEndArray();
    json.writeNumberProperty("series_read", progress.seriesRead());
    json.writeNumberProperty("series_without_points", progress.seriesEmpty());
    json.writeNumberProperty("series_skipped", progress.seriesSkipped());
    json.writeStringProperty("summary", summary);
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
  }

  /** Gives back the generator's buffers; the stream stays open. */
  @Override
  public void close() {
    json.close();
  }

  /** UTF-8 bytes of a finding as JSON. */
  static int bytes(TrackedFinding finding) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      finding(json, finding);
      json.writeEndObject();
    }
    return out.size();
  }

  private static void finding(JsonGenerator json, TrackedFinding tracked) {
    Finding finding = tracked.finding();
    json.writeStringProperty("series_id", finding.series().id());
    json.writeStringProperty("detector", finding.detector());
    json.writeStringProperty("severity", finding.severity().name());
    json.writeStringProperty("state", tracked.state().name());
    json.writeStringProperty("start", finding.start().toString());
    json.writeStringProperty("latest", finding.latest().toString());
    json.writeBooleanProperty("ongoing", finding.ongoing());
    becameUsual(json, finding.becameUsual());
    number(json, "value", finding.value());
    json.writeStringProperty("unit", finding.unit().wireName());
    json.writeStringProperty("reason", finding.reason());
    Forecast forecast = finding.forecast();
    if (forecast != null) {
      json.writeObjectPropertyStart("forecast");
      forecast(json, forecast);
      json.writeEndObject();
    }
  }

  private static void forecast(JsonGenerator json, Forecast forecast) {
    json.writeStringProperty("outcome", forecast.outcome().name());
    number(json, "capacity", forecast.capacity());
    if (forecast.level() != null) {
      number(json, "level", forecast.level());
    }
    if (forecast.growthPerDay() != null) {
      number(json, "growth_per_day", forecast.growthPerDay());
    }
    if (forecast.timeLeft() != null) {
      json.writeNumberProperty("seconds_left", forecast.timeLeft().toSeconds());
    }
    if (forecast.exhaustedAt() != null) {
      json.writeStringProperty("exhausted_at", forecast.exhaustedAt().toString());
    }
    if (forecast.earliest() != null) {
      json.writeStringProperty("earliest", forecast.earliest().toString());
    }
    if (forecast.latest() != null) {
      json.writeStringProperty("latest", forecast.latest().toString());
    }
  }

  private static void closed(JsonGenerator json, ClosedFinding closed) {
    json.writeStartObject();
    identity(json, closed.finding());
    Instant end = closed.end();
    nullable(json, "end", end == null ? null : end.toString());
    becameUsual(json, closed.becameUsual());
    json.writeEndObject();
  }

  private static void becameUsual(JsonGenerator json, boolean becameUsual) {
    if (becameUsual) {
      json.writeBooleanProperty("became_usual", true);
    }
  }

  private static void identity(JsonGenerator json, OpenFinding finding) {
    json.writeStringProperty("series_id", finding.seriesId());
    json.writeStringProperty("detector", finding.detector());
    json.writeStringProperty("start", finding.start().toString());
  }

  private static void nullable(JsonGenerator json, String name, @Nullable String value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, value);
    }
  }

  private static void number(JsonGenerator json, String name, double value) {
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    boolean writtenOut = rounded.scale() < 0 && rounded.scale() >= -MAX_ZEROS;
    json.writeNumberProperty(name, writtenOut ? rounded.setScale(0) : rounded);
  }

  /** A line for each property of the report and for each element of its lists. */
  private static final class Lines extends ObjectWriteContext.Base {

    @Override
    public PrettyPrinter getPrettyPrinter() {
      return new Printer();
    }

    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }

    private static final class Printer extends MinimalPrettyPrinter {

      private static final long serialVersionUID = 1L;

      @Override
      public void writeObjectEntrySeparator(JsonGenerator json) throws JacksonException {
        json.writeRaw(depth(json) == 1 ? ",\n" : ",");
      }

      @Override
      public void beforeArrayValues(JsonGenerator json) throws JacksonException {
        if (depth(json) == 2) {
          json.writeRaw('\n');
        }
      }

      @Override
      public void writeArrayValueSeparator(JsonGenerator json) throws JacksonException {
        json.writeRaw(depth(json) == 2 ? ",\n" : ",");
      }

      private static int depth(JsonGenerator json) {
        return json.streamWriteContext().getNestingDepth();
      }
    }
  }
}
