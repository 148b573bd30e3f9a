package io.inframetrics.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A temporary failure: the workflow retries after 10, 20 and 40 seconds. The message says in one
 * sentence what failed and why.
 *
 * <p>The class name is the error name that the state machine matches.
 */
public final class RetryableFailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RetryableFailureException(String message) {
    super(message);
  }

  public RetryableFailureException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
