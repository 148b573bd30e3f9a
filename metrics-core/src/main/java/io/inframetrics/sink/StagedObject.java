package io.inframetrics.sink;

import java.io.OutputStream;

/**
 * An object that is being written. {@link #commit} makes it exist, whole; {@link #close} without a
 * commit leaves nothing. Used by one thread at a time, not always the same one.
 *
 * @param <R> what a commit returns
 */
public interface StagedObject<R> extends AutoCloseable {

  /** Receives the content; the caller need not close or flush it. */
  OutputStream body();

  /**
   * Makes the object visible. Call it once, after the last byte.
   *
   * @throws io.inframetrics.pipeline.RetryableFailureException if it could not be stored now; then
   *     nothing is visible
   */
  R commit();

  /** Drops an uncommitted object and releases resources; safe to call after {@link #commit}. */
  @Override
  void close();
}
