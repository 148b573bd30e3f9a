package io.inframetrics.workflow.execution;

import tools.jackson.databind.JsonNode;

/**
 * Runs what a Task state's Resource names. On a real clock it is called on many threads at once,
 * one for each running task; on a virtual clock, on the thread that runs the execution. When a task
 * times out or its branch is stopped, a real clock interrupts the task's thread.
 */
@FunctionalInterface
public interface TaskHandler {

  /**
   * Runs one task.
   *
   * @return what the Resource returns: for a function ARN the function's result, for an integration
   *     such as {@code arn:aws:states:::lambda:invoke} its whole envelope. It must not be changed
   *     afterwards. If it is null instead of JSON's null, the test has a gap: the execution ends
   *     with the error {@code Simulation.NoTaskResult}, which no Retry and no Catch handles.
   * @throws TaskFailure to fail with a chosen error name and cause
   * @throws Exception to fail as a Lambda function does: the error name is the exception's class
   *     name, the cause is the JSON text {@code {"errorMessage":"...","errorType":"..."}}. An Error
   *     is not a failure of the task: it ends {@link Execution#run} itself.
   */
  JsonNode handle(TaskCall call) throws Exception;
}
