package io.inframetrics.workflow.execution;

/** How an execution ended, in the words of Step Functions. */
public enum ExecutionStatus {
  /** It reached an end. */
  SUCCEEDED,
  /** A Fail state ended it, or an error nothing caught. */
  FAILED,
  /** The state machine's own TimeoutSeconds passed. */
  TIMED_OUT,
  /** The running thread was interrupted. */
  ABORTED
}
