/**
 * Runs AWS Step Functions definitions in process, on a virtual or a real clock, with Java functions
 * in the place of Lambda functions.
 *
 * <p>On a virtual clock a test of a retry policy takes milliseconds, however long its delays are:
 *
 * <pre>{@code
 * StateMachine machine =
 *     StateMachine.load(
 *         java.nio.file.Path.of("statemachine.json"),
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
 * <p>With {@link io.inframetrics.workflow.WorkflowClock#real()} the same definition runs for real,
 * its concurrent branches on threads of their own, and an {@link
 * io.inframetrics.workflow.ExecutionListener} hears each state as it starts and ends. {@link
 * io.inframetrics.workflow.Simulation} does all this from JSON to JSON, for a command line.
 *
 * <p>Where to look: {@link io.inframetrics.workflow.StateMachine} loads and checks a definition;
 * {@link io.inframetrics.workflow.Execution} runs it; {@link io.inframetrics.workflow.TaskHandler}
 * is what tasks do, {@link io.inframetrics.workflow.LambdaTasks} and {@link
 * io.inframetrics.workflow.ScriptedTasks} are two of them; {@link
 * io.inframetrics.workflow.ExecutionResult} and {@link io.inframetrics.workflow.Trace} say what
 * happened.
 */
@NullMarked
package io.inframetrics.workflow;

import org.jspecify.annotations.NullMarked;
