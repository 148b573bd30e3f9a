package io.inframetrics.cli.input;

/** Ends a command with exit code 1; the message says in one sentence what failed and what to do. */
public final class CommandFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public CommandFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
