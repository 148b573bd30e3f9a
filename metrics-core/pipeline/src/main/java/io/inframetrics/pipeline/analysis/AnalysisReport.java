package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Forecast;
import io.inframetrics.detect.SeriesSummary;
import io.inframetrics.detect.Severity;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.analysis.FindingsAcrossRuns.ClosedFinding;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.MinimalPrettyPrinter;

/**
 * Writes the complete report of a run as a JSON object while the run goes on: the marks of the run
 * before, the series one after another, then findings, gaps and the summary. The same input gives
 * the same bytes. Each element of a list has a line of its own.
 */
final class AnalysisReport implements AutoCloseable {

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu/MM/dd/", Locale.ROOT);

  /** Digits of a number; more would differ where platforms print the same double differently. */
  private static final MathContext DIGITS = new MathContext(9);

  /** Digits of the ends of a chart's scale, between which values are exact to one in 65,534. */
  private static final MathContext SCALE_DIGITS = new MathContext(15);

  /** Characters of most charts. */
  private static final int CHART_CHARACTERS = 1_024;

  /** Zeros up to which a large number is written out, not with an exponent. */
  private static final int MAX_ZEROS = 15;

  private static final int MAX_NAME_LENGTH = 80;

  private final JsonGenerator json;

  private AnalysisReport(JsonGenerator json) {
    this.json = json;
  }

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

  /** A report that is begun; from here on {@link #series} may be called. */
  static AnalysisReport start(
      OutputStream out,
      String analysis,
      String runId,
      Instant observedAt,
      List<AnalysisMark> before,
      List<CollectionResult> collections) {
    AnalysisReport report = new AnalysisReport(JSON.createGenerator(new Lines(), out));
    report.json.writeStartObject();
    report.text("analysis", analysis);
    report.text("run_id", runId);
    report.text("observed_at", observedAt);
    report.objects("open_before", before, mark -> report.mark(mark, mark.storedDetector()));
    report.objects("collections", collections, report::collection);
    report.json.writeArrayPropertyStart("series");
    return report;
  }

  private void collection(CollectionResult collection) {
    text("metric_type", collection.metricType());
    text("status", collection.status());
    texts("keys", collection.objects().stream().map(CollectedObject::key).toList());
  }

  /**
   * Adds a series.
   *
   * @param missing points that it needs to be judged; 0 if it was judged
   * @param notJudged why it was not compared with the limit or the capacity of its type; null if it
   *     was
   */
  void series(
      KnownSeries known,
      SeriesSummary summary,
      Optional<Forecast> forecast,
      int missing,
      @Nullable String notJudged) {
    json.writeStartObject();
    known(known);
    json.writeNumberProperty("points", summary.count());
    text("from", summary.from());
    text("to", summary.to());
    number("min", summary.min());
    number("max", summary.max());
    number("mean", summary.mean());
    number("median", summary.median());
    number("p95", summary.p95());
    number("latest", summary.latest());
    if (missing > 0) {
      json.writeNumberProperty("points_missing", missing);
    }
    if (notJudged != null) {
      text("not_judged", notJudged);
    }
    forecast.ifPresent(this::forecastInWords);
    json.writeEndObject();
  }

  private void known(KnownSeries known) {
    Series series = known.series();
    text("series_id", series.id());
    text("metric_type", series.type());
    text("instance_id", series.instanceId());
    if (!series.dimensions().isEmpty()) {
      json.writeObjectPropertyStart("dimensions");
      series.dimensions().forEach(this::text);
      json.writeEndObject();
    }
    text("region", known.region());
    text("unit", known.unit().wireName());
  }

  private void forecastInWords(Forecast forecast) {
    json.writeObjectPropertyStart("forecast");
    forecast(forecast);
    text("words", forecast.words());
    json.writeEndObject();
  }

  /**
   * The chart of a series as JSON, one line.
   *
   * @param limit of its type; null if it has none
   * @param forecast null if there is none to draw
   */
  static String chart(
      KnownSeries known,
      SeriesChart chart,
      @Nullable Threshold limit,
      @Nullable Forecast forecast) {
    StringWriter out = new StringWriter(CHART_CHARACTERS);
    try (AnalysisReport report =
        new AnalysisReport(JSON.createGenerator(ObjectWriteContext.empty(), out))) {
      report.json.writeStartObject();
      report.known(known);
      report.chart(chart);
      if (limit != null) {
        report.limits(limit);
      }
      if (forecast != null) {
        report.forecastInWords(forecast);
      }
      report.json.writeEndObject();
    }
    return out.toString();
  }

  private void chart(SeriesChart chart) {
    json.writeNumberProperty("points", chart.points());
    json.writeNumberProperty("from", chart.from());
    json.writeNumberProperty("step", chart.step());
    number("low", chart.low(), SCALE_DIGITS);
    number("high", chart.high(), SCALE_DIGITS);
    json.writeBinaryProperty("tops", chart.tops());
    chart.bottoms().ifPresent(bottoms -> json.writeBinaryProperty("bottoms", bottoms));
    chart
        .usualTops()
        .ifPresent(
            tops -> {
              json.writeObjectPropertyStart("expected");
              json.writeBinaryProperty("tops", tops);
              json.writeBinaryProperty("bottoms", chart.usualBottoms());
              json.writeEndObject();
            });
  }

  private void limits(Threshold limit) {
    json.writeArrayPropertyStart("limits");
    limit(Severity.WARNING, limit.limit());
    // A threshold that is never critical has the largest number there is.
    if (limit.critical() > limit.limit() && limit.critical() < Double.MAX_VALUE) {
      limit(Severity.CRITICAL, limit.critical());
    }
    json.writeEndArray();
  }

  private void limit(Severity severity, double value) {
    json.writeStartObject();
    text("severity", severity.name().toLowerCase(Locale.ROOT));
    number("value", value);
    json.writeEndObject();
  }

  void finish(AnalysisProgress progress, AnalysisFindings findings, String summary) {
    json.writeEndArray();
    objects("findings", findings.toReport(), this::findingWithMembers);
    objects("closed", findings.closed(), this::closed);
    objects("gone", findings.gone(), this::closed);
    objects(
        "failed",
        progress.failures,
        failure -> {
          text("what", failure.what());
          text("reason", failure.reason());
        });
    texts("types_skipped", progress.typesSkipped);
    texts("skipped", progress.skipped);
    json.writeNumberProperty("series_read", progress.seriesRead());
    json.writeNumberProperty("series_judged", progress.seriesJudged());
    json.writeNumberProperty("series_not_judged", progress.seriesNotJudged);
    if (progress.seriesNotJudged > 0) {
      json.writeNumberProperty("points_missing", progress.pointsMissing);
      json.writeNumberProperty("seconds_missing", progress.secondsMissing());
    }
    if (progress.seriesInOtherUnit() > 0) {
      json.writeNumberProperty("series_in_other_unit", progress.seriesInOtherUnit());
    }
    json.writeNumberProperty("series_without_points", progress.seriesEmpty);
    json.writeNumberProperty("series_skipped", progress.skipped.size());
    text("summary", summary);
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
  }

  /** Gives back the generator's buffers; the stream stays open. */
  @Override
  public void close() {
    json.close();
  }

  /** UTF-8 bytes of a finding as JSON, without its members. */
  static int bytes(TrackedFinding finding) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AnalysisReport report =
        new AnalysisReport(JSON.createGenerator(ObjectWriteContext.empty(), out))) {
      report.json.writeStartObject();
      report.finding(finding);
      report.json.writeEndObject();
    }
    return out.size();
  }

  private void findingWithMembers(TrackedFinding tracked) {
    finding(tracked);
    if (!tracked.members().isEmpty()) {
      objects("members", tracked.members(), this::finding);
    }
  }

  private void finding(TrackedFinding tracked) {
    Finding finding = tracked.finding();
    text("series_id", finding.series().id());
    text("detector", finding.detector());
    text("severity", finding.severity().name());
    text("state", tracked.state().name());
    text("start", finding.start());
    text("latest", finding.latest());
    json.writeBooleanProperty("ongoing", finding.ongoing());
    becameUsual(finding.becameUsual());
    number("value", finding.value());
    text("unit", finding.unit().wireName());
    text("reason", finding.reason());
    if (finding.forecast() != null) {
      json.writeObjectPropertyStart("forecast");
      forecast(finding.forecast());
      json.writeEndObject();
    }
  }

  private void forecast(Forecast forecast) {
    text("outcome", forecast.outcome().name());
    number("capacity", forecast.capacity());
    ifKnown(forecast.level(), level -> number("level", level));
    ifKnown(forecast.growthPerDay(), growth -> number("growth_per_day", growth));
    ifKnown(
        forecast.timeLeft(), left -> json.writeNumberProperty("seconds_left", left.toSeconds()));
    ifKnown(forecast.exhaustedAt(), at -> text("exhausted_at", at));
    ifKnown(forecast.earliest(), at -> text("earliest", at));
    ifKnown(forecast.latest(), at -> text("latest", at));
  }

  private void closed(ClosedFinding closed) {
    mark(closed.mark(), closed.mark().detector());
    text("end", closed.end());
    becameUsual(closed.becameUsual());
  }

  private void becameUsual(boolean becameUsual) {
    if (becameUsual) {
      json.writeBooleanProperty("became_usual", true);
    }
  }

  private void mark(AnalysisMark mark, String detector) {
    text("series_id", mark.seriesId());
    text("detector", detector);
    text("start", mark.at());
  }

  private void text(String name, @Nullable Object value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, value.toString());
    }
  }

  private void number(String name, double value) {
    number(name, value, DIGITS);
  }

  private void number(String name, double value, MathContext digits) {
    BigDecimal rounded = new BigDecimal(value).round(digits).stripTrailingZeros();
    boolean writtenOut = rounded.scale() < 0 && rounded.scale() >= -MAX_ZEROS;
    json.writeNumberProperty(name, writtenOut ? rounded.setScale(0) : rounded);
  }

  private void texts(String name, Collection<?> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(value -> json.writeString(value.toString()));
    json.writeEndArray();
  }

  private <T> void objects(String name, List<T> elements, Consumer<T> properties) {
    json.writeArrayPropertyStart(name);
    for (T element : elements) {
      json.writeStartObject();
      properties.accept(element);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static <T> void ifKnown(@Nullable T value, Consumer<T> writer) {
    if (value != null) {
      writer.accept(value);
    }
  }

  /** A line for each property of the report and for each element of its lists. */
  static final class Lines extends ObjectWriteContext.Base {

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
