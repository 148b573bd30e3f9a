package io.inframetrics.pipeline.report;

import io.inframetrics.time.Deadline;
import java.io.OutputStream;
import java.time.Instant;

/** Writes the report of a run as a page that people open, from the documents of the run. */
@FunctionalInterface
public interface PageWriter {

  /**
   * Writes the page; whatever it throws, the run has no page.
   *
   * @param reportKey of the report, which is written by then
   * @param out the page; stays open
   */
  void write(
      String runId, Instant observedAt, String reportKey, OutputStream out, Deadline deadline);
}
