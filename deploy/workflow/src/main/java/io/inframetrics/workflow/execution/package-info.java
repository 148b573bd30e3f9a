/**
 * Runs loaded states on a clock: {@link io.inframetrics.workflow.execution.Execution} starts one,
 * {@link io.inframetrics.workflow.execution.TaskHandler} does the tasks, {@link
 * io.inframetrics.workflow.execution.ExecutionResult} and {@link
 * io.inframetrics.workflow.execution.Trace} report what happened. Inside, an {@code EventLoop} (of
 * virtual or real time) runs one action at a time, a {@code Branch} follows its states, and a
 * {@code StateVisit} handles one visit of a state with its retries and catches.
 */
@NullMarked
package io.inframetrics.workflow.execution;

import org.jspecify.annotations.NullMarked;
