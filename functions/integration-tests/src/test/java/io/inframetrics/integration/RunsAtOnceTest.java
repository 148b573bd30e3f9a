package io.inframetrics.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.ProxiedRequest;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run goes through from its start to its end while another one, of the same time or nearly so, is
 * in the middle of a request, so that their windows overlap.
 */
@Tag("soak")
@Timeout(300)
class RunsAtOnceTest {

  private static final Instant OBSERVED = SampleMetrics.RUN.observedAt();
  private static final Instant BEFORE = OBSERVED.minus(Duration.ofHours(3));

  /** The request of the outer run that the inner run takes place in, and how much later it is. */
  @ParameterizedTest
  @CsvSource({
    "s3, PUT /[^/]+/raw-metrics/.*, 0",
    "s3, PUT /[^/]+/raw-metrics/.*, 40",
    "dynamodb, .*UpdateItem, 0",
    "dynamodb, .*UpdateItem, 40",
  })
  void loseNothingAndStoreNothingTwice(String service, String request, int seconds)
      throws Exception {
    Installed installed = Installed.fresh();
    AtomicBoolean begun = new AtomicBoolean(true);
    FaultPlan plan =
        FaultPlan.deciding(
            each -> {
              if (each.service().equals(service)
                  && describe(each).matches(request)
                  && begun.compareAndSet(false, true)) {
                inner(installed, OBSERVED.plusSeconds(seconds));
              }
              return Fault.PASS;
            });
    try (VirtualRuns outer = new VirtualRuns(installed, new Wire(plan), ManualClock.at(BEFORE))) {
      ExecutionAssert.assertThat(outer.run("before", BEFORE)).succeeded();
      begun.set(false);
      ExecutionAssert.assertThat(outer.run("outer", OBSERVED))
          .succeeded()
          .output("$.health.status", "\"HEALTHY\"");
    }
    Installed alone = Installed.fresh();
    try (VirtualRuns runs =
        new VirtualRuns(alone, new Wire(FaultPlan.passing()), ManualClock.at(BEFORE))) {
      ExecutionAssert.assertThat(runs.run("before", BEFORE)).succeeded();
      ExecutionAssert.assertThat(runs.run("only", OBSERVED.plusSeconds(seconds))).succeeded();
    }

    assertThat(begun).isTrue();
    assertThat(installed.objects("raw-metrics/")).hasSize(12);
    assertThat(VirtualRuns.points(installed)).isNotEmpty().isEqualTo(VirtualRuns.points(alone));
    Map<String, Double> expected = VirtualRuns.sent(alone);
    Map<String, Double> sent = VirtualRuns.sent(installed);
    assertThat(sent.keySet()).isEqualTo(expected.keySet());
    // Data points go out last and twice only of a type that both had collected before either said
    // so. Nothing could hold them back without one more request for each type of each run.
    assertThat(
            sent.keySet().stream()
                .filter(value -> !sent.get(value).equals(expected.get(value)))
                .map(value -> value.split(" ")[0])
                .distinct())
        .hasSizeLessThanOrEqualTo(1);
  }

  private static String describe(ProxiedRequest request) {
    return request.method() + " " + request.path() + request.target();
  }

  private static void inner(Installed installed, Instant observed) {
    try (VirtualRuns inner =
        new VirtualRuns(installed, new Wire(FaultPlan.passing()), ManualClock.at(observed))) {
      ExecutionAssert.assertThat(inner.run("inner", observed))
          .succeeded()
          .output("$.health.status", "\"HEALTHY\"");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
