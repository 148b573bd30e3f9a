package io.inframetrics.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.WriterOutput;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.time.Deadline;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Writes the report of a run as one HTML page, which needs nothing from the network.
 *
 * <p>Safe to use from several threads.
 */
public final class ReportPage {

  /** Bytes of the largest page. */
  public static final long MAX_BYTES = 5_000_000;

  /** Bytes that come after the charts, beside the scripts, and what writers still hold. */
  private static final long ROOM_BELOW = 50_000;

  private static final String TEMPLATES = "io.inframetrics.page.template";

  private final DocumentStore documents;
  private final TemplateEngine templates =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, ReportPage.class.getClassLoader(), TEMPLATES);

  /** Pages of the reports in {@code documents}. */
  public ReportPage(DocumentStore documents) {
    this.documents = documents;
  }

  /**
   * Writes the page to {@code out}, which stays open. The page is at most about {@value #MAX_BYTES}
   * bytes, whatever the fleet: it says which charts are left out.
   *
   * @throws UncheckedIOException if {@code out} fails
   */
  public void write(PageRequest request, OutputStream out, Deadline deadline) {
    CountedBytes counted = new CountedBytes(out);
    long end = Scripts.PAGE.length() + ROOM_BELOW;
    try {
      Writer writer = new OutputStreamWriter(counted, StandardCharsets.UTF_8);
      templates.render(
          "page.jte",
          PageReader.read(request, documents, deadline, () -> MAX_BYTES - end - counted.bytes),
          new WriterOutput(writer));
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the page could not be written", e);
    }
  }

  private static final class CountedBytes extends FilterOutputStream {

    private long bytes;

    CountedBytes(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      bytes++;
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
      bytes += len;
    }
  }
}
