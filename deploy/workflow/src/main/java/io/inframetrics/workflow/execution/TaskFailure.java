package io.inframetrics.workflow.execution;

import org.jspecify.annotations.Nullable;

/** A task's failure under an error name of its own. */
public final class TaskFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final String error;
  private final @Nullable String cause;

  /**
   * Fails a task.
   *
   * @param error the name that Retry and Catch match, such as {@code
   *     Lambda.TooManyRequestsException}
   * @param cause the text beside it, JSON text for what a Lambda function throws; null when there
   *     is none
   */
  public TaskFailure(String error, @Nullable String cause) {
    super(error + (cause == null ? "" : ": " + cause));
    this.error = error;
    this.cause = cause;
  }

  /** The error name. */
  public String error() {
    return error;
  }

  /** The text beside the error name; null when there is none. */
  public @Nullable String cause() {
    return cause;
  }
}
