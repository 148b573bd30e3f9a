package io.inframetrics.workflow.execution;

/** How an execution left a state. */
public enum StateOutcome {
  SUCCEEDED,
  /** With an error that its Catch handled. */
  CAUGHT,
  /** With an error that nothing caught, or as a Fail state. */
  FAILED,
  /** Stopped, because another branch failed or the execution ended. */
  ABORTED
}
