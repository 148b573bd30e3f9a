package io.inframetrics.encode;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How fast raw files are written and read, beside Jackson's bare streaming of the same fields: what
 * is bare has every text ready, and drops every value that it reads. Medians of rounds that take
 * turns.
 */
public final class CodecBenchmark {

  private static final int ROUNDS = 41;
  private static final int WARM_UP = 20;
  private static final CollectionRun RUN =
      new CollectionRun(
          "5d3c8e5e-3a39-4d65-9a7c-0a1f4e8a7a11", Instant.parse("2026-02-19T11:27:43Z"));
  private static final JsonFactory JSON = JsonFactory.builder().rootValueSeparator("\n").build();

  private CodecBenchmark() {}

  /** Prints a line for each way of the codec and each shape of the data. */
  public static void main(String[] arguments) {
    measure("1,000 series x 36 points", metrics(1_000, 36, Map.of()));
    measure("36,000 series x 1 point", metrics(36_000, 1, Map.of()));
    measure("1,000 series x 36 points, a dimension", metrics(1_000, 36, Map.of("device", "/")));
  }

  private static void measure(String shape, List<Metric> metrics) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encode(metrics, out);
    byte[] bytes = out.toByteArray();
    List<Bare> bare = metrics.stream().map(Bare::of).toList();
    ByteArrayOutputStream bareOut = new ByteArrayOutputStream();
    encodeBare(bare, bareOut);
    byte[] bareBytes = bareOut.toByteArray();
    if (!Arrays.equals(bytes, 0, bytes.length - 1, bareBytes, 0, bareBytes.length)) {
      throw new IllegalStateException("the two ways write different bytes");
    }
    compare(
        shape + ", encode",
        bytes.length,
        sink -> encode(metrics, sink),
        sink -> encodeBare(bare, sink));
    compare(
        shape + ", decode",
        bytes.length,
        sink -> decode(new ByteArrayInputStream(bytes)),
        sink -> decodeBare(new ByteArrayInputStream(bytes)));
  }

  private static void compare(
      String what,
      int bytes,
      ToLongFunction<OutputStream> ours,
      ToLongFunction<OutputStream> bare) {
    double[] oursNanos = new double[ROUNDS];
    double[] bareNanos = new double[ROUNDS];
    double[] ratios = new double[ROUNDS];
    long seen = 0;
    for (int i = -WARM_UP; i < ROUNDS; i++) {
      long start = System.nanoTime();
      seen += bare.applyAsLong(OutputStream.nullOutputStream());
      long between = System.nanoTime();
      seen += ours.applyAsLong(OutputStream.nullOutputStream());
      long end = System.nanoTime();
      if (i >= 0) {
        bareNanos[i] = between - start;
        oursNanos[i] = end - between;
        ratios[i] = bareNanos[i] / oursNanos[i];
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-50s %4.0f MB/s, bare Jackson %4.0f MB/s, ratio %.2f  (%d)%n",
        what,
        bytes * 1e3 / median(oursNanos),
        bytes * 1e3 / median(bareNanos),
        median(ratios),
        seen % 10);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static List<Metric> metrics(int series, int points, Map<String, String> dimensions) {
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < series; i++) {
      Series each =
          Series.of(
              MetricType.CPU_UTILIZATION,
              String.format(Locale.ROOT, "i-%017x", i * 7_919L),
              dimensions);
      for (int j = points - 1; j >= 0; j--) {
        metrics.add(
            new Metric(
                each,
                RUN.observedAt().minusSeconds(300L * j),
                (i * 31 + j * 17) % 10_000 / 100.0,
                MetricUnit.PERCENT,
                "eu-west-1",
                RUN));
      }
    }
    return metrics;
  }

  private static long encode(List<Metric> metrics, OutputStream out) {
    try (JsonLinesWriter writer = new JsonLinesWriter(out)) {
      metrics.forEach(writer::write);
    }
    return metrics.size();
  }

  private static long decode(InputStream in) {
    long good = 0;
    try (JsonLinesReader reader = new JsonLinesReader(in, RUN)) {
      for (Line line = reader.next(); line != null; line = reader.next()) {
        good += line instanceof Line.Good ? 1 : 0;
      }
    }
    return good;
  }

  /** A metric with every text ready. */
  private record Bare(
      String id,
      String type,
      long timestamp,
      double value,
      String unit,
      String instanceId,
      String region,
      String runId,
      String collectedAt,
      Map<String, String> dimensions) {

    static Bare of(Metric metric) {
      return new Bare(
          metric.id(),
          metric.series().type().name(),
          metric.timestamp().getEpochSecond(),
          metric.value(),
          metric.unit().wireName(),
          metric.series().instanceId(),
          metric.region(),
          metric.run().runId(),
          metric.run().observedAt().toString(),
          metric.series().dimensions());
    }
  }

  private static long encodeBare(List<Bare> metrics, OutputStream out) {
    try (JsonGenerator json =
        JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
      for (Bare metric : metrics) {
        json.writeStartObject();
        json.writeName(JsonLinesWriter.METRIC_ID).writeString(metric.id());
        json.writeName(JsonLinesWriter.METRIC_TYPE).writeString(metric.type());
        json.writeName(JsonLinesWriter.TIMESTAMP).writeNumber(metric.timestamp());
        json.writeName(JsonLinesWriter.VALUE).writeNumber(metric.value());
        json.writeName(JsonLinesWriter.UNIT).writeString(metric.unit());
        json.writeName(JsonLinesWriter.INSTANCE_ID).writeString(metric.instanceId());
        json.writeName(JsonLinesWriter.REGION).writeString(metric.region());
        json.writeName(JsonLinesWriter.RUN_ID).writeString(metric.runId());
        json.writeName(JsonLinesWriter.COLLECTED_AT).writeString(metric.collectedAt());
        if (!metric.dimensions().isEmpty()) {
          json.writeName(JsonLinesWriter.DIMENSIONS).writeStartObject();
          metric.dimensions().forEach(json::writeStringProperty);
          json.writeEndObject();
        }
        json.writeEndObject();
      }
    }
    return metrics.size();
  }

  /** Reads every token and the value of each: what any reader of the fields must do. */
  private static long decodeBare(InputStream in) {
    long objects = 0;
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        switch (token) {
          case START_OBJECT -> objects++;
          case VALUE_STRING -> objects += json.getString().isEmpty() ? 1 : 0;
          case VALUE_NUMBER_INT -> objects += json.getLongValue() == 0 ? 1 : 0;
          case VALUE_NUMBER_FLOAT -> objects += Double.isNaN(json.getDoubleValue()) ? 1 : 0;
          default -> {
            // Names and ends.
          }
        }
      }
    }
    return objects;
  }
}
