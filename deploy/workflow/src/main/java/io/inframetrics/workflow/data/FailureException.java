package io.inframetrics.workflow.data;

/**
 * Leaves the evaluation of a state; the engine turns it into the state's failure. Never leaves this
 * module.
 *
 * @hidden
 */
public class FailureException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String error;
  private final String explanation;

  public FailureException(String error, String explanation) {
    // A state's failure is data: no stack trace is ever shown, and filling one in costs more than
    // the state.
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

  /** The sentence about what went wrong, without the prefix that names the state. */
  public String explanation() {
    return explanation;
  }
}
