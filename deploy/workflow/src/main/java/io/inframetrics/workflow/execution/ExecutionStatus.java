package io.inframetrics.workflow.execution;

/** How an execution ended, in the terms of Step Functions. */
public enum ExecutionStatus {
  SUCCEEDED,
  /** A Fail state ended it, or an error that nothing caught. */
  FAILED,
  /** The state machine's own TimeoutSeconds passed. */
  TIMED_OUT,
  /** The running thread was interrupted. */
  ABORTED
}
