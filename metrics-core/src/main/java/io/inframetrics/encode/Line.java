package io.inframetrics.encode;

import io.inframetrics.metric.Metric;
import io.inframetrics.text.Texts;

/** A line of a raw file, as {@link JsonLinesReader} found it. */
public sealed interface Line {

  /** Counts from 1, including blank lines. */
  long number();

  record Good(long number, Metric metric) implements Line {}

  /**
   * A line that is not a valid observation.
   *
   * @param text its bytes without the line break, at most {@link JsonLinesReader#MAX_LINE_BYTES}
   * @param reason one sentence with the value that is wrong
   */
  @SuppressWarnings("ArrayRecordComponent") // Written out, never compared.
  record Bad(long number, byte[] text, String reason) implements Line {

    /** Characters of a reason, which may quote the line; a longer reason is shortened. */
    public static final int MAX_REASON_LENGTH = 1_000;

    public Bad {
      reason = Texts.excerpt(reason, MAX_REASON_LENGTH);
    }
  }
}
