package io.inframetrics.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.FaultPlan;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every connection of a collection breaks at once at any byte, with its file in several parts and
 * its requests side by side; the task runs again when the services are back. {@code
 * -Dinframetrics.soak.seed=N} repeats the bytes of another time.
 */
@Tag("soak")
@Timeout(600)
class RandomCutsTest {

  private static final int CUTS = 40;

  @Test
  void aCollectionSurvivesACutAtAnyByte() {
    long seed = Long.getLong("inframetrics.soak.seed", System.nanoTime());
    System.out.printf("-Dinframetrics.soak.seed=%d%n", seed);
    Random random = new Random(seed);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      FaultPlan counting = FaultPlan.countingBytes();
      collectInTheEnd(counting, Installed.fresh(), fleet(), threads);
      long bytes = counting.bytes();
      int again = 0;
      for (int i = 0; i < CUTS; i++) {
        // Half of them in the first bytes and the last, where the small requests are.
        long edge = Math.min(bytes, 30_000);
        long cut =
            switch (i % 4) {
              case 0 -> 1 + random.nextLong(edge);
              case 1 -> bytes - random.nextLong(edge);
              default -> 1 + random.nextLong(bytes);
            };
        Installed installed = Installed.fresh();
        Fleet fleet = fleet();

        int runs = collectInTheEnd(FaultPlan.endingAtByte(cut), installed, fleet, threads);

        again += runs > 1 ? 1 : 0;
        String where = "cut at byte %d of %d".formatted(cut, bytes);
        Collected collected = Collected.of(installed, fleet, where);
        // An upload whose start was not answered is left open: the bucket's lifecycle rule ends it.
        collected.isWholeAndOnce();
        collected.wasPublishedAtMostOnce();
      }
      System.out.printf(
          "%d random bytes of %d, after %d of them the task ran again%n", CUTS, bytes, again);
      assertThat(again).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  private static Fleet fleet() {
    return new Fleet(700, 36);
  }

  /** Answers how often the task ran. */
  private static int collectInTheEnd(
      FaultPlan plan, Installed installed, Fleet fleet, ExecutorService threads) {
    AwsCalls calls = StandIns.calls(CallSettings.DEFAULTS.withMaxAttempts(2));
    try (Wire wire = new Wire(plan)) {
      for (int run = 1; ; run++) {
        Pipeline pipeline =
            new Pipeline(wire.clients(), calls, installed, threads).withSmallParts();
        try {
          var unused =
              pipeline
                  .collect(fleet)
                  .collect(
                      new CollectMetrics.Request(
                          null, SampleMetrics.RUN.runId(), SampleMetrics.RUN.observedAt(), null),
                      Deadlines.never());
          return run;
        } catch (RetryableFailureException e) {
          assertThat(run).isEqualTo(1);
          plan.restore();
        }
      }
    }
  }
}
