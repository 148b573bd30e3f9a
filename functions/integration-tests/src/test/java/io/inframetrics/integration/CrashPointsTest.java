package io.inframetrics.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.pipeline.process.ProcessRawMetrics.Delivery;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.ProxiedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every request of a collection and of a processing is lost, or its answer is, each in turn: by
 * default in one of three ways to try again, with {@code -Psoak} in all. After the retry all is
 * there, once.
 */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class CrashPointsTest {

  /** As many as there are crashes and ways to try again. */
  private static final int SOME = 3;

  private static final int SERIES = 3;
  private static final int POINTS = 4;

  @ParameterizedTest
  @EnumSource
  void aCollectionLosesNothingAndWritesNothingTwice(Tries tries) {
    aCollectionLosesNothingAndWritesNothingTwice(tries, SOME);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void aCollectionLosesNothingAndWritesNothingTwiceWhateverIsLost(Tries tries) {
    aCollectionLosesNothingAndWritesNothingTwice(tries, 1);
  }

  private static void aCollectionLosesNothingAndWritesNothingTwice(Tries tries, int every) {
    List<ProxiedRequest> undisturbed = requestsOfACollection();
    int points = 0;
    for (Crash crash : Crash.values()) {
      for (ProxiedRequest victim : someOf(undisturbed, every, crash, tries)) {
        String where = "%s at %s".formatted(crash, victim);
        FaultPlan plan = crash.at(victim.number());
        Installed installed = Installed.fresh();
        Fleet fleet = fleet();

        Tries.Outcome<CollectionResult> outcome =
            tries.run(plan, installed, Runnable::run, pipeline -> collect(pipeline, fleet));

        Collected collected = Collected.of(installed, fleet, where);
        collected.isWholeAndOnce();
        assertThat(installed.openUploads()).as(where).isZero();
        if (victim.service().equals("cloudwatch")) {
          // Sent once an invocation, come what may; the result says that it may be missing.
          assertThat(outcome.runs()).as(where).isEqualTo(1);
          assertThat(outcome.result().failures())
              .as(where)
              .extracting(Failure::label)
              .containsExactly("data_points");
          collected.wasPublished(crash == Crash.CUT_BEFORE ? 0 : 1);
        } else {
          assertThat(outcome.result().status()).as(where).isEqualTo(Status.COLLECTED);
          collected.wasPublished(1);
        }
        if (tries == Tries.OF_EACH_CALL) {
          assertThat(outcome.runs()).as(where).isEqualTo(1);
        }
        // Where a run finds what an earlier one stored, the next asks for the window once more.
        Optional<java.time.Instant> mark =
            installed.ledger().collectedUntil(Fleet.TYPE, Deadlines.never());
        if (collected.answerStored() == fleet.asked()) {
          assertThat(mark).as(where).contains(SampleMetrics.RUN.observedAt());
        } else if (mark.isPresent()) {
          assertThat(mark).as(where).contains(SampleMetrics.RUN.observedAt());
        }
        points++;
      }
    }
    report("collect", tries, points);
    assertThat(points).isEqualTo(undisturbed.size() * Crash.values().length / every);
  }

  /** With what it collected lately kept, as of what CloudWatch has. */
  private static Fleet fleet() {
    return new Fleet(SERIES, POINTS).lookingBehind(Duration.ofMinutes(35));
  }

  private static List<ProxiedRequest> requestsOfACollection() {
    FaultPlan plan = FaultPlan.passing();
    Installed installed = Installed.fresh();
    Fleet fleet = fleet();
    Tries.OF_EACH_CALL.run(plan, installed, Runnable::run, pipeline -> collect(pipeline, fleet));
    Collected collected = Collected.of(installed, fleet, "undisturbed");
    collected.isWholeAndOnce();
    collected.wasPublished(1);
    assertThat(plan.requests())
        .extracting(ProxiedRequest::service)
        .contains("s3", "dynamodb", "cloudwatch");
    assertThat(plan.requests())
        .extracting(request -> request.method() + request.path().replaceAll(".*/collected/", " "))
        .contains("GET cpu_utilization.points", "PUT cpu_utilization.points");
    return plan.requests();
  }

  private static CollectionResult collect(Pipeline pipeline, Fleet fleet) {
    return pipeline
        .collect(fleet)
        .collect(
            new CollectMetrics.Request(
                null, SampleMetrics.RUN.runId(), SampleMetrics.RUN.observedAt(), null),
            Deadlines.never());
  }

  @ParameterizedTest
  @EnumSource
  void aProcessingLosesNothingAndWritesNothingTwice(Tries tries) {
    aProcessingLosesNothingAndWritesNothingTwice(tries, SOME);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void aProcessingLosesNothingAndWritesNothingTwiceWhateverIsLost(Tries tries) {
    aProcessingLosesNothingAndWritesNothingTwice(tries, 1);
  }

  private static void aProcessingLosesNothingAndWritesNothingTwice(Tries tries, int every) {
    RawFile file = new RawFile(SERIES, POINTS);
    FaultPlan passing = FaultPlan.passing();
    Installed first = Installed.fresh();
    file.land(first);
    Tries.OF_EACH_CALL.run(passing, first, Runnable::run, CrashPointsTest::process);
    file.wasProcessed(first, "undisturbed");
    List<ProxiedRequest> undisturbed = passing.requests();
    int points = 0;
    for (Crash crash : Crash.values()) {
      for (ProxiedRequest victim : someOf(undisturbed, every, crash, tries)) {
        String where = "%s at %s".formatted(crash, victim);
        Installed installed = Installed.fresh();
        file.land(installed);

        Tries.Outcome<ProcessRawMetrics.Result> outcome =
            tries.run(
                crash.at(victim.number()), installed, Runnable::run, CrashPointsTest::process);

        file.wasProcessed(installed, where);
        assertThat(outcome.result().metricsProcessed()).as(where).isEqualTo(SERIES * POINTS);
        assertThat(outcome.result().metricsFailed()).as(where).isEqualTo(RawFile.BAD_LINES);
        if (tries == Tries.OF_EACH_CALL) {
          assertThat(outcome.runs()).as(where).isEqualTo(1);
        }
        points++;
      }
    }
    report("process", tries, points);
    assertThat(points).isEqualTo(undisturbed.size() * Crash.values().length / every);
  }

  private static ProcessRawMetrics.Result process(Pipeline pipeline) {
    return pipeline.process().process(List.of(new Delivery(null, RawFile.KEY)), Deadlines.never());
  }

  /**
   * Every n-th request, another for each crash and each way to try again, so that over all of them
   * each request is lost and each answer.
   */
  private static List<ProxiedRequest> someOf(
      List<ProxiedRequest> all, int every, Crash crash, Tries tries) {
    return IntStream.range(0, all.size())
        .filter(i -> (i + crash.ordinal() + tries.ordinal()) % every == 0)
        .mapToObj(all::get)
        .toList();
  }

  private static void report(String verb, Tries tries, int points) {
    System.out.printf("%s, tries %s: %d crash points%n", verb, tries, points);
  }
}
