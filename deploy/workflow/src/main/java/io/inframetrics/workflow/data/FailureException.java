package io.inframetrics.workflow.data;

/**
 * Stops evaluating a state and becomes the state's failure; it never leaves this module.
 *
 * @hidden
 */
public class FailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String error;
  private final String explanation;

  public FailureException(String error, String explanation) {
    // No stack trace: none is ever shown, and filling one in costs more than running the state.
    super(explanation, null, false, false);
    this.error = error;
    this.explanation = explanation;
  }

  public static FailureException runtime(String explanation) {
    return new FailureException(ErrorName.RUNTIME, explanation);
  }

  public String error() {
    return error;
  }

  /** What went wrong, without the prefix that names the state. */
  public String explanation() {
    return explanation;
  }
}
