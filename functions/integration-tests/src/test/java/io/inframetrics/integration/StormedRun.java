package io.inframetrics.integration;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One task of the state machine in a small JVM, as the definition tries it: up to four times. */
final class StormedRun {

  private static final int TRIES = 4;

  /** What a function may take, by the template. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private StormedRun() {}

  /** Collects, with the waits of production between the tries of a call. */
  public static void main(String[] arguments) {
    Installed installed = new Installed(arguments[0], arguments[1], arguments[2]);
    Fleet fleet = new Fleet(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
    ExecutorService threads = Executors.newFixedThreadPool(5);
    AwsCalls calls =
        new AwsCalls(CallSettings.DEFAULTS, new SecureRandom(), AwsCalls.Sleeper.THREAD);
    try (AwsClients clients = AwsClients.fromEnvironment(System.getenv())) {
      Pipeline pipeline = new Pipeline(clients, calls, installed, threads);
      for (int run = 1; ; run++) {
        try {
          CollectionResult result =
              pipeline
                  .collect(fleet)
                  .collect(
                      new CollectMetrics.Request(
                          null, SampleMetrics.RUN.runId(), SampleMetrics.RUN.observedAt(), null),
                      Deadlines.inRealTime(TIMEOUT));
          System.out.printf("%s at try %d %s%n", result.status(), run, result.failures());
          return;
        } catch (RetryableFailureException e) {
          System.out.println(e.getMessage());
          if (run == TRIES) {
            throw e;
          }
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
