/**
 * Runs AWS Step Functions definitions in process, on a virtual or a real clock, with Java functions
 * instead of Lambda functions.
 *
 * <p>On a virtual clock a test of a retry policy takes milliseconds, however long its delays are:
 *
 * <pre>{@code
 * StateMachine machine =
 *     StateMachine.load(
 *         Path.of("statemachine.json"),
 *         Map.of("CollectFunctionArn", "arn:aws:lambda:eu-west-1:000000000000:function:collect"));
 *
 * ExecutionResult result =
 *     machine
 *         .execution()
 *         .name("run-1")
 *         .input("{\"metric_type\":\"cpu_utilization\"}")
 *         .tasks(
 *             LambdaTasks.builder()
 *                 .function("collect", payload -> { throw new TaskFailure("Throttled", "try later"); })
 *                 .build())
 *         .run();
 *
 * result.status();                                  // FAILED
 * result.error();                                   // "Throttled"
 * result.trace().retryDelays("Collect");            // [PT10S, PT20S, PT40S]
 * result.trace().states();                          // [Collect]
 * }</pre>
 *
 * <p>With {@link io.inframetrics.workflow.execution.WorkflowClock#real()} the same definition runs
 * in real time, with concurrent branches on their own threads, and an {@link
 * io.inframetrics.workflow.execution.ExecutionListener} is called as each state starts and ends.
 * {@link io.inframetrics.workflow.Simulation} does all this from JSON to JSON, for a command line.
 *
 * <p>Where to look: {@link io.inframetrics.workflow.StateMachine} loads and checks a definition;
 * {@link io.inframetrics.workflow.execution.Execution} runs it; {@link
 * io.inframetrics.workflow.execution.TaskHandler} runs its tasks, for example {@link
 * io.inframetrics.workflow.LambdaTasks}, {@link io.inframetrics.workflow.TaskRouter} or {@link
 * io.inframetrics.workflow.testing.ScriptedTasks}; {@link
 * io.inframetrics.workflow.items.ObjectStore} has the objects of a distributed Map; {@link
 * io.inframetrics.workflow.execution.ExecutionResult} and {@link
 * io.inframetrics.workflow.execution.Trace} report what happened; {@link
 * io.inframetrics.workflow.testing.ExecutionAssert} checks it in a test. {@link
 * io.inframetrics.workflow.TestState} runs one state alone, and {@link
 * io.inframetrics.workflow.junit.StateMachineTest} is for JUnit.
 *
 * <p>Each package depends only on those before it: {@code data}, {@code jsonata}, {@code
 * definition}, {@code resource}, {@code history}, {@code items}, {@code choice}, {@code retry},
 * {@code state}, {@code execution}, {@code testing}, this one, and {@code junit}.
 */
@NullMarked
package io.inframetrics.workflow;

import org.jspecify.annotations.NullMarked;
