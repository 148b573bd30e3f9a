package io.inframetrics.workflow;

/**
 * The error names of the Amazon States Language.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html">Handling
 *     errors in Step Functions workflows</a>
 */
final class ErrorName {

  static final String ALL = "States.ALL";
  static final String BRANCH_FAILED = "States.BranchFailed";
  static final String DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
  static final String HEARTBEAT_TIMEOUT = "States.HeartbeatTimeout";
  static final String INTRINSIC_FAILURE = "States.IntrinsicFailure";
  static final String NO_CHOICE_MATCHED = "States.NoChoiceMatched";
  static final String RESULT_PATH_MATCH_FAILURE = "States.ResultPathMatchFailure";
  static final String RUNTIME = "States.Runtime";
  static final String TASK_FAILED = "States.TaskFailed";
  static final String TIMEOUT = "States.Timeout";

  private ErrorName() {}
}
