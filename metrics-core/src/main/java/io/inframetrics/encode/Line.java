package io.inframetrics.encode;

import io.inframetrics.metric.Metric;
import io.inframetrics.text.Texts;

/** A line of a raw file, as {@link JsonLinesReader} found it. */
public sealed interface Line {

  /** Counts from 1, blank lines included. */
  long number();

  /**
   * A line that is an observation.
   *
   * @param number of the line
   * @param metric what it says
   */
  record Good(long number, Metric metric) implements Line {}

  /**
   * A line that is not.
   *
   * @param number of the line
   * @param text its bytes without the line break; when the line is longer than {@link
   *     JsonLinesReader#MAX_LINE_BYTES}, its first so many
   * @param reason one sentence with the value that is wrong
   */
  @SuppressWarnings("ArrayRecordComponent") // Verbatim bytes, written out and never compared.
  record Bad(long number, byte[] text, String reason) implements Line {

    /** Characters of a reason, which may repeat what the line says; a longer one is shortened. */
    public static final int MAX_REASON_LENGTH = 1_000;

    public Bad {
      reason = Texts.excerpt(reason, MAX_REASON_LENGTH);
    }
  }
}
