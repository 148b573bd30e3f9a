package io.inframetrics.cli.input;

import org.jspecify.annotations.Nullable;

/** An invalid argument; the message says in one sentence which, and what would be right. */
public final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  public UsageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
