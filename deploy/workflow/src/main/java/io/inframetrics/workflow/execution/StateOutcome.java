package io.inframetrics.workflow.execution;

/** How an execution left a state. */
public enum StateOutcome {
  /** With a result. */
  SUCCEEDED,
  /** With an error that its Catch took. */
  CAUGHT,
  /** With an error that nothing took, or it is a Fail state. */
  FAILED,
  /** Stopped, because another branch failed or the execution ended. */
  ABORTED
}
