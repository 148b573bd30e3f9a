package io.inframetrics.workflow.execution;

import tools.jackson.databind.JsonNode;

/**
 * Does what a Task state's Resource names. On a real clock it is called on many threads at once,
 * one per task that runs; on a virtual clock on the thread that runs the execution. When the task
 * times out or its branch is stopped, a real clock interrupts its thread.
 */
@FunctionalInterface
public interface TaskHandler {

  /**
   * Does it.
   *
   * @param call what to do
   * @return what the Resource answers: for a function ARN the function's result, for an integration
   *     such as {@code arn:aws:states:::lambda:invoke} its whole envelope. It must not be changed
   *     afterwards.
   * @throws TaskFailure to fail with an error name and a cause of one's choice
   * @throws Exception to fail as a Lambda function does: the error name is the exception's class
   *     name, the cause JSON text {@code {"errorMessage":"...","errorType":"..."}}. An Error is not
   *     a failure of the task: it ends {@link Execution#run} itself.
   */
  JsonNode handle(TaskCall call) throws Exception;
}
