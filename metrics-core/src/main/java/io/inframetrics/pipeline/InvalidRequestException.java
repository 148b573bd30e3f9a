package io.inframetrics.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A request that a retry cannot help, so the workflow does not retry it. The message is one
 * sentence with what was wrong, the value, and what would be right.
 *
 * <p>The class name is the error name that the state machine matches.
 */
public final class InvalidRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidRequestException(String message) {
    super(message);
  }

  public InvalidRequestException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
