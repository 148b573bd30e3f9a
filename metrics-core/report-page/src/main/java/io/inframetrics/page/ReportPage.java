package io.inframetrics.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.WriterOutput;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.time.Deadline;
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
   * Writes the page to {@code out}, which stays open.
   *
   * @throws UncheckedIOException if {@code out} fails
   */
  public void write(PageRequest request, OutputStream out, Deadline deadline) {
    try {
      Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
      templates.render(
          "page.jte", PageModel.read(request, documents, deadline), new WriterOutput(writer));
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the page could not be written", e);
    }
  }
}
