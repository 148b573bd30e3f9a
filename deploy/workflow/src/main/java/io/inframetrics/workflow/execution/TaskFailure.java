package io.inframetrics.workflow.execution;

import org.jspecify.annotations.Nullable;

/** Fails a task under a chosen error name. */
public final class TaskFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final String error;
  private final @Nullable String cause;

  /**
   * Fails a task.
   *
   * @param error the name that Retry and Catch match, such as {@code
   *     Lambda.TooManyRequestsException}
   * @param cause the text for the error, JSON if a Lambda function throws it; null if there is none
   */
  public TaskFailure(String error, @Nullable String cause) {
    super(error + (cause == null ? "" : ": " + cause));
    this.error = error;
    this.cause = cause;
  }

  public String error() {
    return error;
  }

  public @Nullable String cause() {
    return cause;
  }
}
