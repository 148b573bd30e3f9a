package io.inframetrics.local;

import org.jspecify.annotations.Nullable;

/**
 * An argument that cannot be; the message is one sentence that says which and what would be right.
 */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
