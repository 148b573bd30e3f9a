package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Forecast;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.anomaly.AnomalyDetector.Range;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the charts of the series that an analysis judges as a document of their own, while it
 * runs: for the page that people open, which can then show a series without reading its points
 * again. The same input gives the same bytes.
 *
 * <p>Its size and the memory that it takes are bounded, whatever the fleet: it counts the series
 * that it leaves out. Whatever goes wrong here is logged and kept for the report, and costs the
 * charts only: an analysis without charts is worth as much.
 */
final class AnalysisCharts implements AutoCloseable {

  /** Values of a chart: a point each where 240 are read, else the ends of half as many slots. */
  private static final int VALUES = 240;

  /** Slots of a chart of a series with findings: the width of a page. */
  private static final int SLOTS_WITH_FINDINGS = 720;

  /** Charts with many slots, and likewise forecasts: more than people look at. */
  private static final int MOST = 200;

  /** Characters of the other charts together: those of 1,000 instances with four series each. */
  private static final int MOST_CHARACTERS = 4_000_000;

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private static final Logger LOG = LoggerFactory.getLogger(AnalysisCharts.class);

  /** What is full the soonest comes first. */
  private static final Comparator<Forecasted> SOONEST =
      Comparator.comparing(Forecasted::at).thenComparing(Forecasted::seriesId);

  private final String key;
  private final Map<MetricType, Threshold> limits;
  private final PriorityQueue<Forecasted> forecasts = new PriorityQueue<>(SOONEST.reversed());
  private @Nullable StagedObject<String> staged;
  private @Nullable JsonGenerator json;
  private @Nullable RuntimeException failure;
  private int withFindings;
  private long characters;
  private int leftOut;

  /**
   * Begins the document at {@code key}.
   *
   * @param limits the thresholds by type, which charts show
   * @param deadline of storing it
   */
  AnalysisCharts(
      DocumentStore reports,
      String key,
      CollectionRun run,
      Map<MetricType, Threshold> limits,
      Deadline deadline) {
    this.key = key;
    this.limits = limits;
    attempt(
        () -> {
          StagedObject<String> object = reports.create(key, deadline);
          staged = object;
          JsonGenerator begun = JSON.createGenerator(new AnalysisReport.Lines(), object.body());
          json = begun;
          begun.writeStartObject();
          begun.writeStringProperty("run_id", run.runId());
          begun.writeStringProperty("observed_at", run.observedAt().toString());
          begun.writeArrayPropertyStart("charts");
        });
  }

  /**
   * Adds the chart of a series if there is room for it.
   *
   * @param history at least one point
   * @param usual of each point, asked for only if it is shown; null if the series has no finding
   *     that is reported
   */
  void add(KnownSeries known, SeriesHistory history, @Nullable Supplier<List<Range>> usual) {
    attempt(
        () -> {
          if (usual != null && withFindings < MOST) {
            withFindings++;
            write(
                chart(
                    known,
                    SeriesChart.of(
                        history.points(), usual.get(), SLOTS_WITH_FINDINGS, SLOTS_WITH_FINDINGS),
                    null));
          } else if (characters < MOST_CHARACTERS) {
            String chart = chart(known, ordinary(history), null);
            characters += SeriesId.utf8Length(chart);
            write(chart);
          } else {
            leftOut++;
          }
        });
  }

  /**
   * Adds the chart of a forecast if it has a time to show, unless others are full sooner. It is
   * written with the document's end.
   */
  void add(KnownSeries known, SeriesHistory history, Forecast forecast) {
    Instant at = soonest(forecast);
    if (at == null) {
      return;
    }
    attempt(
        () -> {
          forecasts.add(
              new Forecasted(at, known.series().id(), chart(known, ordinary(history), forecast)));
          if (forecasts.size() > MOST) {
            forecasts.remove();
            leftOut++;
          }
        });
  }

  /** When it is full, at the earliest where it may never be; null if there is nothing to show. */
  private static @Nullable Instant soonest(Forecast forecast) {
    return switch (forecast.outcome()) {
      case EXHAUSTED -> Instant.MIN;
      case EXHAUSTS, BEYOND_HORIZON ->
          forecast.exhaustedAt() == null ? forecast.earliest() : forecast.exhaustedAt();
      case NOT_ENOUGH_DATA, NOT_GROWING -> null;
    };
  }

  private static SeriesChart ordinary(SeriesHistory history) {
    return SeriesChart.of(history.points(), List.of(), VALUES, VALUES / 2);
  }

  private String chart(KnownSeries known, SeriesChart chart, @Nullable Forecast forecast) {
    Threshold limit = limits.get(known.series().type());
    return AnalysisReport.chart(
        known, chart, limit != null && limit.isFor(known.unit()) ? limit : null, forecast);
  }

  /** Ends and stores the document; returns why there is none, or null if there is one. */
  @Nullable RuntimeException finish() {
    attempt(
        () -> {
          forecasts.stream().sorted(SOONEST).map(Forecasted::chart).forEach(this::write);
          JsonGenerator end = Objects.requireNonNull(json);
          end.writeEndArray();
          end.writeNumberProperty("series_left_out", leftOut);
          end.writeEndObject();
          end.writeRaw('\n');
          end.close();
          Objects.requireNonNull(staged).commit();
        });
    return failure;
  }

  @Override
  public void close() {
    try {
      if (staged != null) {
        staged.close();
      }
    } catch (RuntimeException e) {
      LOG.warn("what was written of '{}' could not be removed", key, e);
    }
  }

  private void write(String chart) {
    Objects.requireNonNull(json).writeRawValue(chart);
  }

  private void attempt(Runnable step) {
    if (failure == null) {
      try {
        step.run();
      } catch (RuntimeException e) {
        LOG.warn("charts '{}' could not be written", key, e);
        failure = e;
      }
    }
  }

  private record Forecasted(Instant at, String seriesId, String chart) {}
}
