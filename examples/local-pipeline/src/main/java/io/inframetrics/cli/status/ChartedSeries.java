package io.inframetrics.cli.status;

import static io.inframetrics.cli.status.Status.text;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.monitor.RunRecords;
import io.inframetrics.cli.monitor.Sparkline;
import io.inframetrics.metric.Point;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.text.Texts;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The lines of the series in the charts of a run. */
final class ChartedSeries {

  /** Series shown; the page has all. */
  private static final int MAX_SERIES = 20;

  private static final int LARGEST = 65_534;

  private ChartedSeries() {}

  /** One line for each series, for people; none if the run's charts are not kept any more. */
  static List<String> lines(RunRecords records, JsonNode report) {
    Optional<String> document;
    try {
      document =
          records.text(
              AnalyzeMetrics.chartsKey(
                  text(report, "run_id"), Instant.parse(text(report, "observed_at"))));
    } catch (DateTimeException e) {
      return List.of(); // There is no report.
    }
    if (document.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    int more = 0;
    try {
      JsonNode charts = InputFile.JSON.readTree(document.get()).path("charts");
      for (JsonNode chart : charts) {
        if (lines.size() < MAX_SERIES) {
          lines.add("%-24s  %s".formatted(sparkline(chart), text(chart, "series_id")));
        } else {
          more++;
        }
      }
    } catch (JacksonException | IllegalArgumentException e) {
      return List.of("the charts of the last run cannot be read: " + Texts.describe(e));
    }
    if (more > 0) {
      lines.add("and %d more".formatted(more));
    }
    return lines;
  }

  private static String sparkline(JsonNode chart) {
    byte[] tops = Base64.getDecoder().decode(text(chart, "tops"));
    double low = chart.path("low").asDouble(0);
    double high = chart.path("high").asDouble(0);
    List<Point> points = new ArrayList<>();
    for (int slot = Math.max(0, tops.length / 2 - Sparkline.WIDTH);
        slot < tops.length / 2;
        slot++) {
      int value = (tops[2 * slot] & 0xff) << Byte.SIZE | (tops[2 * slot + 1] & 0xff);
      if (value > 0) {
        points.add(new Point(slot, low + (value - 1.0) / LARGEST * (high - low)));
      }
    }
    return Sparkline.of(points);
  }
}
