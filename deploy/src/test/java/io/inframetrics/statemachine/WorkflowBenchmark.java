package io.inframetrics.statemachine;

import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.TaskHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How many executions of a definition this machine runs a second, one after the other on the
 * virtual clock, and whether memory stays flat. Arguments, both optional: the definition (the
 * pipeline's own when not given) and the number of executions (100,000). The README has the
 * command.
 */
public final class WorkflowBenchmark {

  private static final int ROUNDS = 10;
  private static final int MIB = 1 << 20;

  private WorkflowBenchmark() {}

  /** Runs the benchmark and prints a line for each tenth of it. */
  public static void main(String[] arguments) throws IOException {
    Path file =
        Path.of(arguments.length > 0 ? arguments[0] : "deploy/statemachine/pipeline.asl.json");
    int executions = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
    StateMachine machine = StateMachine.load(file, PipelineTasks.SUBSTITUTIONS);
    // The definition's own topic would remember every message, and memory would grow for that
    // reason.
    TaskHandler tasks = new PipelineTasks().withForgetfulTopic().handler();
    long all = System.nanoTime();
    for (int round = 1; round <= ROUNDS; round++) {
      long start = System.nanoTime();
      int transitions = 0;
      for (int i = 0; i < executions / ROUNDS; i++) {
        ExecutionResult result = machine.execution().tasks(tasks).run();
        if (!result.succeeded()) {
          throw new IllegalStateException(result.error() + ": " + result.cause());
        }
        transitions += result.trace().transitions();
      }
      print(
          "%7d executions, %7.0f/s, %9.0f transitions/s, heap %d MiB",
          executions / ROUNDS * round,
          perSecond(executions / ROUNDS, start),
          perSecond(transitions, start),
          usedHeap());
    }
    print(
        "%7d executions, %7.0f/s over all",
        executions / ROUNDS * ROUNDS, perSecond(executions, all));
  }

  private static double perSecond(int count, long start) {
    return count * 1e9 / (System.nanoTime() - start);
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / MIB;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
