package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.prometheus.PageParser.Format;
import io.inframetrics.collect.prometheus.PageParser.MalformedPageException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lines a second of {@link PageParser} in one thread, on a node exporter's page. It arrives in
 * parts of 16 KB, as from the HTTP client. The time is that of the thread's processor.
 */
public final class PageParserBenchmark {

  private static final int PART = 16_384;
  private static final int ROUNDS = 21;
  private static final int PAGES = 2_000;

  private PageParserBenchmark() {}

  public static void main(String[] args) throws MalformedPageException {
    byte[] page = Pages.recorded("node-exporter.txt");
    long lines = new String(page, java.nio.charset.StandardCharsets.UTF_8).lines().count();
    List<Rule> rules = NodeExporter.rules();
    for (int wanted = 0; wanted <= rules.size(); wanted++) {
      List<String> names = wanted == 0 ? List.of() : rules.get(wanted - 1).metrics();
      double[] speeds = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        speeds[round] = lines * PAGES / seconds(page, names);
      }
      Arrays.sort(speeds);
      System.out.printf(
          "%-16s %,12.0f lines a second (median of %d; lowest %,.0f)%n",
          wanted == 0 ? "nothing wanted" : rules.get(wanted - 1).type(),
          speeds[ROUNDS / 2],
          ROUNDS,
          speeds[0]);
    }
  }

  private static double seconds(byte[] page, List<String> names) throws MalformedPageException {
    WantedNames wanted = new WantedNames(names);
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long samples = 0;
    for (int i = 0; i < PAGES; i++) {
      PageParser parser = new PageParser(Format.TEXT, wanted, (name, labels, value, time) -> {});
      for (int at = 0; at < page.length; at += PART) {
        parser.feed(ByteBuffer.wrap(page, at, Math.min(PART, page.length - at)));
      }
      parser.finish(true);
      samples += parser.samples();
    }
    if (samples == 0) {
      throw new IllegalStateException("the page has no samples");
    }
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    return (double) nanos / TimeUnit.SECONDS.toNanos(1);
  }
}
