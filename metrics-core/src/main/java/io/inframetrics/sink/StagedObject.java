package io.inframetrics.sink;

import java.io.OutputStream;

/**
 * An object that is being written. It exists, whole, from {@link #commit} on, and never if {@link
 * #close} comes first. Used by one thread at a time, not always the same one.
 *
 * @param <R> what a commit answers
 */
public interface StagedObject<R> extends AutoCloseable {

  /** Takes the content. The caller need not close or flush it. */
  OutputStream body();

  /**
   * Makes the object visible. To be called once, after the last byte.
   *
   * @throws io.inframetrics.pipeline.RetryableFailureException if it could not be stored now; then
   *     nothing is visible
   */
  R commit();

  /** Abandons what is not committed, releases what it holds; safe to call after {@link #commit}. */
  @Override
  void close();
}
