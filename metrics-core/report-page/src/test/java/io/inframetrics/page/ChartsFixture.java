package io.inframetrics.page;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.testkit.Deadlines;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the charts document of an analysis. */
final class ChartsFixture {

  private static final int SLOTS = 240;
  private static final int HIGHEST = 65_535;

  private ChartsFixture() {}

  static void write(
      OutputStream out, String runId, Instant observedAt, MetricHistory history, int limit) {
    String charts =
        MetricType.builtIn().stream()
            .flatMap(type -> history.series(type, Instant.EPOCH, Deadlines.never()).stream())
            .map(known -> chart(known, history, observedAt, limit))
            .filter(chart -> !chart.isEmpty())
            .collect(Collectors.joining(",\n", "\n", ""));
    String document =
        "{\"run_id\":\"%s\",\"observed_at\":\"%s\",\"series_left_out\":0,\"charts\":[%s]}\n"
            .formatted(escaped(runId), observedAt, charts);
    try {
      out.write(document.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String chart(
      KnownSeries known, MetricHistory history, Instant observedAt, int limit) {
    Series series = known.series();
    List<Point> points =
        history.points(series, Instant.EPOCH, observedAt, limit, Deadlines.never());
    if (points.isEmpty()) {
      return "";
    }
    long from = points.get(0).epochSecond();
    long span = points.get(points.size() - 1).epochSecond() - from + 1;
    long usual = points.size() == 1 ? 300 : points.get(1).epochSecond() - from;
    long step = Math.max(usual, (span + SLOTS - 1) / SLOTS);
    int slots = (int) ((span + step - 1) / step);
    double low = points.stream().mapToDouble(Point::value).min().orElseThrow();
    double high = points.stream().mapToDouble(Point::value).max().orElseThrow();
    int[] tops = new int[slots];
    int[] bottoms = new int[slots];
    for (Point point : points) {
      int slot = (int) ((point.epochSecond() - from) / step);
      int scaled =
          high == low
              ? 1
              : 1 + (int) Math.round((point.value() - low) / (high - low) * (HIGHEST - 1));
      tops[slot] = Math.max(tops[slot], scaled);
      bottoms[slot] = bottoms[slot] == 0 ? scaled : Math.min(bottoms[slot], scaled);
    }
    return """
    {"series_id":"%s","metric_type":"%s","instance_id":"%s"%s,"region":"%s","unit":"%s","points":%d,\
    "from":%d,"step":%d,"low":%s,"high":%s,"tops":"%s"%s%s}\
    """
        .formatted(
            escaped(series.id()),
            series.type(),
            escaped(series.instanceId()),
            dimensions(series),
            escaped(known.region()),
            known.unit().wireName(),
            points.size(),
            from,
            step,
            low,
            high,
            base64(tops),
            step == usual ? "" : ",\"bottoms\":\"%s\"".formatted(base64(bottoms)),
            limits(series.type()));
  }

  private static String limits(MetricType type) {
    Map<MetricType, Integer> warnings =
        Map.of(
            MetricType.CPU_UTILIZATION, 80, MetricType.MEMORY_USAGE, 85, MetricType.DISK_USAGE, 90);
    Integer warning = warnings.get(type);
    return warning == null
        ? ""
        : ",\"limits\":[{\"severity\":\"warning\",\"value\":%d},{\"severity\":\"critical\",\"value\":95}]"
            .formatted(warning);
  }

  private static String dimensions(Series series) {
    return series.dimensions().isEmpty()
        ? ""
        : series.dimensions().entrySet().stream()
            .map(one -> "\"%s\":\"%s\"".formatted(escaped(one.getKey()), escaped(one.getValue())))
            .collect(Collectors.joining(",", ",\"dimensions\":{", "}"));
  }

  private static String base64(int[] values) {
    byte[] bytes = new byte[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[2 * i] = (byte) (values[i] >> 8);
      bytes[2 * i + 1] = (byte) values[i];
    }
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
