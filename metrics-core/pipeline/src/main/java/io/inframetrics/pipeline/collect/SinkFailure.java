package io.inframetrics.pipeline.collect;

import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.text.Texts;

/**
 * Something that a run could not do and that did not stop it.
 *
 * @param sink {@value #RECORDS}, {@value #DATA_POINTS}, {@value #QUARANTINE}, {@code collector
 *     NAME} or, in a collection of all types, the type that failed
 * @param reason one sentence of at most {@value #MAX_REASON_LENGTH} characters
 */
public record SinkFailure(String sink, String reason) {

  /** The record store. */
  public static final String RECORDS = "records";

  /** The publisher of data points. */
  public static final String DATA_POINTS = "data_points";

  /** Observations that were refused. */
  public static final String QUARANTINE = "quarantine";

  /** Reasons travel in the workflow's state, which should stay under 32 KB in all. */
  public static final int MAX_REASON_LENGTH = 300;

  public SinkFailure {
    reason = Texts.shorten(reason, MAX_REASON_LENGTH);
  }

  /** What an incomplete result says, as one failure: how many, and the first reason. */
  static SinkFailure of(String sink, WriteResult result) {
    int failed = result.rejected().size() + result.retryable().size();
    Failed first =
        result.rejected().isEmpty() ? result.retryable().get(0) : result.rejected().get(0);
    return new SinkFailure(
        sink, "%d not stored, first %s: %s".formatted(failed, first.id(), first.reason()));
  }

  static SinkFailure of(String sink, RuntimeException failure) {
    return new SinkFailure(sink, Texts.describe(failure));
  }
}
