package io.inframetrics.integration;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.testkit.aws.FaultPlan;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** How a task of the state machine goes about a failure. */
enum Tries {
  /** Each call is tried once; the task runs again in a sandbox that knows nothing. */
  IN_NEW_SANDBOX(1),
  /** Each call is tried once; the task runs again in the same sandbox, with what it remembers. */
  IN_SAME_SANDBOX(1),
  /** Calls are repeated as they are in production: the task need not run again. */
  OF_EACH_CALL(CallSettings.DEFAULTS.maxAttempts());

  /** Of a task, as the definition says: once, and three retries. */
  private static final int TRIES_OF_A_TASK = 4;

  private final AwsCalls calls;

  Tries(int attempts) {
    this.calls = StandIns.calls(CallSettings.DEFAULTS.withMaxAttempts(attempts));
  }

  /**
   * What the task answers in the end.
   *
   * @param runs how often the task ran
   */
  record Outcome<T>(T result, int runs) {}

  /** Runs a task through the plan until it answers. */
  <T> Outcome<T> run(
      FaultPlan plan, Installed installed, Executor executor, Function<Pipeline, T> task) {
    try (Wire wire = new Wire(plan)) {
      Pipeline pipeline = new Pipeline(wire.clients(), calls, installed, executor);
      for (int run = 1; ; run++) {
        try {
          return new Outcome<>(task.apply(pipeline), run);
        } catch (RetryableFailureException e) {
          if (run == TRIES_OF_A_TASK) {
            throw e;
          }
        }
        if (this != IN_SAME_SANDBOX) {
          pipeline = new Pipeline(wire.clients(), calls, installed, executor);
        }
      }
    }
  }
}
