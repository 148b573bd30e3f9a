package io.inframetrics.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.ProxiedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A run of 10,000 metrics while half of all requests are throttled, a tenth fails after it was
 * applied and BatchWriteItem leaves most of what it is given. {@code -Dinframetrics.soak.seed=N}
 * repeats the storm of another time.
 */
@Tag("soak")
@Timeout(600)
class StormTest {

  private static final int SERIES = 1_000;
  private static final int POINTS = 10;
  private static final String HEAP = "-Xmx64m";
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private static final byte[] THROTTLED =
      "{\"__type\":\"com.amazon.coral.availability#ThrottlingException\",\"message\":\"slow down\"}"
          .getBytes(StandardCharsets.UTF_8);
  private static final byte[] SLOW_DOWN =
      "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
          .getBytes(StandardCharsets.UTF_8);

  @Test
  void aRunEndsCompleteInBoundedTimeAndMemory() throws Exception {
    long seed = Long.getLong("inframetrics.soak.seed", System.nanoTime());
    System.out.printf("-Dinframetrics.soak.seed=%d%n", seed);
    Random random = new Random(seed);
    FaultPlan plan = FaultPlan.deciding(request -> fault(request, random.nextInt(100)));
    Installed installed = Installed.fresh();
    long start = System.nanoTime();
    try (Wire wire = new Wire(plan)) {
      Child child =
          Child.run(
              StormedRun.class,
              wire.environment(),
              List.of(HEAP),
              installed.bucket(),
              installed.table(),
              installed.namespace(),
              Integer.toString(SERIES),
              Integer.toString(POINTS));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      System.out.printf("%s in %s with %d requests%n", child.said().strip(), took, plan.count());

      assertThat(child.exitCode()).as(child.said()).isZero();
      assertThat(took).isLessThan(LIMIT);
    }
    Fleet fleet = new Fleet(SERIES, POINTS);
    Collected collected = Collected.of(installed, fleet, "after the storm");
    collected.isWholeAndOnce();
    collected.wasPublishedAtMostOnce();
    assertThat(plan.count()).as("no storm of our own").isLessThan(3_000);
  }

  private static Fault fault(ProxiedRequest request, int percent) {
    if (percent < 50) {
      return request.service().equals("s3")
          ? Fault.answer(503, Map.of("Content-Type", "application/xml"), SLOW_DOWN)
          : Fault.answer(400, Map.of("Content-Type", "application/x-amz-json-1.0"), THROTTLED);
    }
    if (percent < 60) {
      return Fault.answerAfter(500, Map.of(), new byte[0]);
    }
    return request.target().endsWith("BatchWriteItem")
        ? Fault.rewrite(new PartlyProcessed(0.4))
        : Fault.PASS;
  }
}
