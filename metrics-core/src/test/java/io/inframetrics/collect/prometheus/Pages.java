package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.prometheus.PageParser.Format;
import io.inframetrics.collect.prometheus.PageParser.MalformedPageException;
import io.inframetrics.collect.prometheus.ScrapedPage.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Recorded pages and answers, and short ways to read a page in tests. */
final class Pages {

  private Pages() {}

  /** A recorded page or answer, such as {@code node-exporter.txt}. */
  static byte[] recorded(String name) {
    try (InputStream in = Pages.class.getResourceAsStream("/prometheus/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String name) {
    return new String(recorded(name), StandardCharsets.UTF_8);
  }

  /** The samples of those names, read as if the page had arrived in {@code parts} parts. */
  static List<Sample> read(byte[] page, Format format, int parts, Collection<String> names)
      throws MalformedPageException {
    WantedNames wanted = new WantedNames(names);
    List<Sample> samples = new ArrayList<>();
    PageParser parser =
        new PageParser(
            format,
            wanted,
            (name, labels, value, timestamp) ->
                samples.add(
                    new Sample(new RawSeries.Key(wanted.name(name), labels), value, timestamp)));
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) page.length * part / parts);
      int to = (int) ((long) page.length * (part + 1) / parts);
      parser.feed(ByteBuffer.wrap(page, from, to - from));
    }
    parser.finish(true);
    return samples;
  }

  static List<Sample> read(String page, String... names) throws MalformedPageException {
    return read(page.getBytes(StandardCharsets.UTF_8), Format.TEXT, 1, List.of(names));
  }

  static List<Sample> readOpenMetrics(String page, String... names) throws MalformedPageException {
    return read(page.getBytes(StandardCharsets.UTF_8), Format.OPEN_METRICS, 1, List.of(names));
  }
}
