package io.inframetrics.pipeline.process;

import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.pipeline.process.ProcessRawMetrics.Delivery;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How fast a raw file is processed, beside Jackson's bare streaming of the same bytes, from 1 MB to
 * 1 GB, with a record sink that only counts. Prints medians of rounds that take turns. In a small
 * heap it shows that memory does not grow with the file. To run it:
 *
 * <pre>
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath \
 *   -pl metrics-core/pipeline -am
 * cd metrics-core/pipeline
 * java -XX:+UseSerialGC -cp target/test-classes:target/classes:$(cat target/classpath) \
 *   io.inframetrics.pipeline.process.ProcessBenchmark 32
 * </pre>
 */
public final class ProcessBenchmark {

  private static final CollectionRun RUN =
      new CollectionRun("run-1", Instant.parse("2026-02-19T11:27:43Z"));
  private static final String KEY = new DatedObjectKeys().key(MetricType.CPU_UTILIZATION, RUN);
  private static final Clock CLOCK = Clock.fixed(RUN.observedAt(), ZoneOffset.UTC);
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MEGABYTE = 1_000_000;

  private ProcessBenchmark() {}

  /** Prints a line for each size in megabytes that the arguments name. */
  public static void main(String[] arguments) {
    byte[] block = block();
    long seen = 0;
    for (int i = 0; i < 100; i++) { // To be compiled.
      seen += process(new Repeated(block, 8)) + parse(new Repeated(block, 8));
    }
    for (String argument : arguments.length == 0 ? new String[] {"1", "32", "1000"} : arguments) {
      int megabytes = Integer.parseInt(argument);
      int rounds = megabytes < 100 ? 15 : 3;
      long blocks = Math.max(1, (long) megabytes * MEGABYTE / block.length);
      double[] ours = new double[rounds];
      double[] bare = new double[rounds];
      double[] ratios = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        long start = System.nanoTime();
        seen += parse(new Repeated(block, blocks));
        long between = System.nanoTime();
        seen += process(new Repeated(block, blocks));
        ours[i] = System.nanoTime() - between;
        bare[i] = between - start;
        ratios[i] = bare[i] / ours[i];
      }
      double bytes = (double) block.length * blocks;
      System.out.printf(
          Locale.ROOT,
          "%4d MB: processed %4.0f MB/s, bare parse %4.0f MB/s, ratio %.2f, heap limit %d MB%n",
          megabytes,
          bytes * 1e3 / median(ours),
          bytes * 1e3 / median(bare),
          median(ratios),
          Runtime.getRuntime().maxMemory() >> 20);
    }
    System.out.println("lines seen " + seen);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** About 1 MB of lines: series with 36 points each. */
  private static byte[] block() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(out)) {
      for (int i = 0; i < 120; i++) {
        Series series = Series.of(MetricType.CPU_UTILIZATION, "i-%017x".formatted(i * 7_919L));
        for (int j = 35; j >= 0; j--) {
          writer.write(
              new Metric(
                  series,
                  RUN.observedAt().minusSeconds(300L * j),
                  (i * 31 + j * 17) % 10_000 / 100.0,
                  MetricUnit.PERCENT,
                  "eu-west-1",
                  RUN));
        }
      }
    }
    return out.toByteArray();
  }

  private static long process(InputStream file) {
    RawMetricSource source = only(RawMetricSource.class, "open", stored(file));
    MetricRecordSink records = (batch, deadline) -> WriteResult.written(batch.metrics().size());
    ProcessRawMetrics process =
        new ProcessRawMetrics(
            source,
            records,
            only(DocumentStore.class, "open", Optional.empty()),
            only(RunLedger.class, "markProcessed", null),
            new DatedObjectKeys(),
            CLOCK);
    ProcessRawMetrics.Result result =
        process.process(
            List.of(new Delivery(null, KEY)), Deadline.after(Duration.ofHours(1), CLOCK));
    if (result.metricsFailed() > 0) {
      throw new IllegalStateException("lines were refused: " + result);
    }
    return result.metricsProcessed();
  }

  private static Optional<StoredObject> stored(InputStream file) {
    return Optional.of(
        new StoredObject(KEY, RUN.runId(), RUN.observedAt().minus(Duration.ofHours(3)), file));
  }

  /** A port of which one method is called. */
  private static <T> T only(Class<T> port, String method, Object answer) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, called, arguments) -> {
              if (!called.getName().equals(method)) {
                throw new IllegalStateException("nobody should call " + called);
              }
              return answer;
            }));
  }

  private static long parse(InputStream file) {
    long objects = 0;
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), file)) {
      for (var token = json.nextToken(); token != null; token = json.nextToken()) {
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

  /** The same bytes again and again. */
  private static final class Repeated extends InputStream {

    private final byte[] block;
    private long blocks;
    private int at;

    Repeated(byte[] block, long blocks) {
      this.block = block;
      this.blocks = blocks;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (at == block.length) {
        blocks--;
        at = 0;
      }
      if (blocks == 0) {
        return -1;
      }
      int count = Math.min(length, block.length - at);
      System.arraycopy(block, at, buffer, offset, count);
      at += count;
      return count;
    }
  }
}
