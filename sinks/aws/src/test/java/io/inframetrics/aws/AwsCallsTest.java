package io.inframetrics.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

class AwsCallsTest {

  private static final SdkException THROTTLED = Failures.dynamoDb(400, "ThrottlingException");
  private static final SdkException REFUSED = Failures.s3(412, "PreconditionFailed");
  private static final SdkException RESET =
      SdkClientException.create("Unable to execute HTTP request", new IOException("reset"));

  /** Draws the longest wait each time. */
  private static final RandomGenerator LONGEST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          throw new UnsupportedOperationException("only bounded longs are drawn");
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-02-19T11:27:43Z"));
  private final List<Long> waits = new ArrayList<>();
  private final List<Duration> timeouts = new ArrayList<>();
  private int tries;

  @AfterEach
  void clearTheInterrupt() {
    Thread.interrupted();
  }

  private void sleep(Duration time) {
    waits.add(time.toMillis());
    clock.advance(time);
  }

  private AwsCalls calls(CallSettings settings) {
    return new AwsCalls(settings, LONGEST, this::sleep);
  }

  private static CallSettings settings(int attempts) {
    return CallSettings.DEFAULTS.withMaxAttempts(attempts);
  }

  private Deadline in(Duration time) {
    return Deadline.after(time, clock);
  }

  /** Fails as often as there are failures, then answers. */
  private AwsCalls.Attempt<String> failing(SdkException... failures) {
    return limits -> {
      tries++;
      timeouts.add(limits.apiCallTimeout().orElseThrow());
      if (tries <= failures.length) {
        throw failures[tries - 1];
      }
      return "answer " + tries;
    };
  }

  private AwsCalls.Attempt<String> alwaysFailing(SdkException failure) {
    return limits -> {
      tries++;
      throw failure;
    };
  }

  @Test
  void aCallThatSucceedsIsMadeOnce() {
    assertThat(calls(settings(5)).call("s3:PutObject", Deadlines.never(), failing()))
        .isEqualTo("answer 1");
    assertThat(waits).isEmpty();
  }

  @Test
  void waitsDoubleUpToTheLongest() {
    assertThat(
            calls(settings(8))
                .call(
                    "s3:PutObject",
                    Deadlines.never(),
                    failing(RESET, RESET, THROTTLED, RESET, RESET, RESET, THROTTLED)))
        .isEqualTo("answer 8");
    assertThat(waits).containsExactly(100L, 200L, 400L, 800L, 1600L, 2000L, 2000L);
  }

  @Test
  void waitsStayWithinBoundsAfterAHundredTries() {
    assertThatThrownBy(
            () ->
                calls(settings(100)).call("s3:PutObject", Deadlines.never(), alwaysFailing(RESET)))
        .hasMessageStartingWith("s3:PutObject failed 100 times");
    assertThat(waits).hasSize(99).endsWith(2000L).allMatch(wait -> wait > 0 && wait <= 2000);
  }

  @Test
  void eachWaitIsDrawnBetweenNothingAndItsLongest() {
    List<Long> drawn = new ArrayList<>();
    AwsCalls calls = new AwsCalls(settings(5), new Random(7), time -> drawn.add(time.toMillis()));
    for (int i = 0; i < 500; i++) {
      assertThatThrownBy(() -> calls.call("s3:PutObject", Deadlines.never(), alwaysFailing(RESET)));
    }
    assertThat(drawn).hasSize(2000);
    for (int wait = 0; wait < 4; wait++) {
      long longest = 100L << wait;
      List<Long> ofThisWait = new ArrayList<>();
      for (int i = wait; i < drawn.size(); i += 4) {
        ofThisWait.add(drawn.get(i));
      }
      assertThat(ofThisWait).allMatch(millis -> millis >= 0 && millis <= longest);
      assertThat(ofThisWait.stream().mapToLong(Long::longValue).average().orElseThrow())
          .isBetween(longest * 0.4, longest * 0.6);
    }
  }

  @Test
  void theSameSeedDrawsTheSameWaits() {
    List<List<Long>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      List<Long> drawn = new ArrayList<>();
      AwsCalls calls =
          new AwsCalls(settings(5), new Random(42), time -> drawn.add(time.toMillis()));
      assertThatThrownBy(() -> calls.call("s3:PutObject", Deadlines.never(), alwaysFailing(RESET)));
      runs.add(drawn);
    }
    assertThat(runs.get(0)).hasSize(4).isEqualTo(runs.get(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void triesNoMoreOftenThanAllowed(int attempts) {
    assertThatThrownBy(
            () ->
                calls(settings(attempts))
                    .call("dynamodb:Query", Deadlines.never(), alwaysFailing(THROTTLED)))
        .isInstanceOf(RetryableFailureException.class)
        .hasCause(THROTTLED);
    assertThat(tries).isEqualTo(attempts);
    assertThat(waits).hasSize(attempts - 1);
  }

  @Test
  void saysHowOftenItFailedAndWhyTheLastTime() {
    assertThatThrownBy(
            () ->
                calls(settings(3))
                    .call("dynamodb:Query", Deadlines.never(), alwaysFailing(THROTTLED)))
        .hasMessage(
            "dynamodb:Query failed 3 times, the last time: ThrottlingException (400): the"
                + " service's words, request req-1");
  }

  @Test
  void permanentFailuresArriveAsTheyAreAndAtOnce() {
    assertThatThrownBy(
            () -> calls(settings(5)).call("s3:PutObject", Deadlines.never(), failing(REFUSED)))
        .isSameAs(REFUSED);
    assertThat(tries).isEqualTo(1);
    assertThat(waits).isEmpty();
  }

  @Test
  void aPermanentFailureEndsTheTries() {
    assertThatThrownBy(
            () ->
                calls(settings(5)).call("s3:PutObject", Deadlines.never(), failing(RESET, REFUSED)))
        .isSameAs(REFUSED);
    assertThat(tries).isEqualTo(2);
  }

  @Test
  void aStreamThatBreaksWhileItIsReadIsAFailureToo() {
    String read =
        calls(settings(2))
            .call(
                "s3:GetObject",
                Deadlines.never(),
                limits -> {
                  if (++tries == 1) {
                    throw new UncheckedIOException(new IOException("Premature EOF"));
                  }
                  return "whole";
                });
    assertThat(read).isEqualTo("whole");
  }

  @Test
  void mistakesOfTheCallerAreNotRepeated() {
    assertThatThrownBy(
            () ->
                calls(settings(5))
                    .call(
                        "s3:PutObject",
                        Deadlines.never(),
                        limits -> {
                          tries++;
                          throw new IllegalStateException("a bug");
                        }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void callsOnceAndReportsASingleAttempt() {
    assertThatThrownBy(
            () -> calls(settings(5)).once("cw:Put", Deadlines.never(), alwaysFailing(RESET)))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage("cw:Put failed in its only attempt: Unable to execute HTTP request (reset)");
    assertThat(tries).isEqualTo(1);
    assertThat(waits).isEmpty();
  }

  @Test
  void onceThrowsARefusalAsItIs() {
    assertThatThrownBy(() -> calls(settings(5)).once("cw:Put", Deadlines.never(), failing(REFUSED)))
        .isSameAs(REFUSED);
  }

  @Test
  void noTryBeginsWithTooLittleTimeLeft() {
    assertThatThrownBy(
            () -> calls(settings(5)).call("s3:PutObject", in(Duration.ofMillis(49)), failing()))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "s3:PutObject was not attempted: 49 ms are left until the deadline, but an attempt needs 50 ms");
    assertThat(tries).isZero();
    assertThat(calls(settings(5)).call("s3:PutObject", in(Duration.ofMillis(50)), failing()))
        .isEqualTo("answer 1");
  }

  @Test
  void nothingIsTriedAfterTheDeadline() {
    assertThatThrownBy(() -> calls(settings(5)).call("s3:PutObject", Deadlines.passed(), failing()))
        .isInstanceOf(RetryableFailureException.class);
    assertThat(tries).isZero();
  }

  @Test
  void noWaitReachesIntoTheLastTryBeforeTheDeadline() {
    // Waits of 100 and 200 fit; after the next, of 400, 49 would be left of 749.
    assertThatThrownBy(
            () ->
                calls(settings(9))
                    .call("s3:PutObject", in(Duration.ofMillis(749)), alwaysFailing(RESET)))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageStartingWith("s3:PutObject failed 3 times");
    assertThat(waits).containsExactly(100L, 200L);
  }

  @Test
  void aWaitThatLeavesJustEnoughIsWaited() {
    assertThatThrownBy(
            () ->
                calls(settings(9))
                    .call("s3:PutObject", in(Duration.ofMillis(750)), alwaysFailing(RESET)))
        .hasMessageStartingWith("s3:PutObject failed 4 times");
    assertThat(waits).containsExactly(100L, 200L, 400L);
  }

  @Test
  void aSleepThatLastsTooLongIsTheLast() {
    AwsCalls calls =
        new AwsCalls(settings(9), LONGEST, time -> clock.advance(Duration.ofMinutes(1)));
    assertThatThrownBy(
            () -> calls.call("s3:PutObject", in(Duration.ofSeconds(5)), alwaysFailing(RESET)))
        .isInstanceOf(RetryableFailureException.class)
        .hasCause(RESET);
    assertThat(tries).isEqualTo(1);
  }

  @Test
  void eachTryMayTakeWhatIsLeftButNoMoreThanItsOwnLimit() {
    calls(settings(9))
        .call("s3:PutObject", in(Duration.ofMillis(10_200)), failing(RESET, RESET, RESET));
    assertThat(timeouts)
        .containsExactly(
            Duration.ofMillis(10_000),
            Duration.ofMillis(10_000),
            Duration.ofMillis(9_900),
            Duration.ofMillis(9_500));
  }

  @Test
  void incompleteAnswersAreRepeatedLikeFailures() {
    String last =
        calls(settings(5))
            .call(
                "dynamodb:BatchWriteItem",
                Deadlines.never(),
                failing(THROTTLED),
                answer -> answer.equals("answer 4"));
    assertThat(last).isEqualTo("answer 4");
    assertThat(waits).containsExactly(100L, 200L, 400L);
  }

  @Test
  void theLastAnswerIsReturnedHoweverIncomplete() {
    String last =
        calls(settings(3))
            .call("dynamodb:BatchWriteItem", Deadlines.never(), failing(), answer -> false);
    assertThat(last).isEqualTo("answer 3");
    assertThat(waits).containsExactly(100L, 200L);
  }

  @Test
  void theDeadlineEndsIncompleteAnswersToo() {
    String last =
        calls(settings(9))
            .call(
                "dynamodb:BatchWriteItem", in(Duration.ofMillis(400)), failing(), answer -> false);
    assertThat(last).isEqualTo("answer 3");
    assertThat(waits).containsExactly(100L, 200L);
  }

  @Test
  void aFailureAfterAnIncompleteAnswerIsThrown() {
    assertThatThrownBy(
            () ->
                calls(settings(2))
                    .call(
                        "dynamodb:BatchWriteItem",
                        Deadlines.never(),
                        limits -> {
                          if (++tries == 1) {
                            return "half";
                          }
                          throw RESET;
                        },
                        answer -> false))
        .isInstanceOf(RetryableFailureException.class)
        .hasCause(RESET);
  }

  @Test
  void anInterruptedWaitStopsTheCallAndStaysVisible() {
    AwsCalls calls =
        new AwsCalls(
            settings(5),
            LONGEST,
            time -> {
              throw new InterruptedException();
            });
    assertThatThrownBy(() -> calls.call("s3:PutObject", Deadlines.never(), alwaysFailing(RESET)))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage("s3:PutObject was interrupted");
    assertThat(tries).isEqualTo(1);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void anInterruptedTryStopsTheCallAndStaysVisible() {
    assertThatThrownBy(
            () ->
                calls(settings(5))
                    .call(
                        "s3:PutObject",
                        Deadlines.never(),
                        alwaysFailing(AbortedException.create("aborted"))))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage("s3:PutObject was interrupted");
    assertThat(tries).isEqualTo(1);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void callsDoNotShareTheirTries() {
    AwsCalls calls = calls(settings(2));
    for (int i = 0; i < 3; i++) {
      tries = 0;
      assertThat(calls.call("s3:PutObject", Deadlines.never(), failing(RESET)))
          .isEqualTo("answer 2");
    }
    assertThat(waits).containsExactly(100L, 100L, 100L);
  }
}
