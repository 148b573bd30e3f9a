package io.inframetrics.workflow.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The same engine in the machine's own time. Nothing here waits for time to pass: threads meet each
 * other.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RealClockTest {

  private static final String TWO_BRANCHES =
      """
      {"StartAt":"Both","States":{"Both":{"Type":"Parallel","End":true,"Branches":[
        {"StartAt":"A","States":{"A":{"Type":"Task","End":true,
          "Resource":"arn:aws:lambda:us-east-1:000000000000:function:a"}}},
        {"StartAt":"B","States":{"B":{"Type":"Task","End":true,
          "Resource":"arn:aws:lambda:us-east-1:000000000000:function:b"}}}]}}}
      """;

  private static Execution twoBranches() {
    return StateMachine.parse(TWO_BRANCHES, Map.of()).execution().clock(WorkflowClock.real());
  }

  @Test
  void tasksOfTwoBranchesRunAtTheSameTime() {
    CyclicBarrier meeting = new CyclicBarrier(2);

    ExecutionResult result =
        twoBranches()
            .tasks(
                call -> {
                  meeting.await();
                  return Json.NODES.stringNode(call.state());
                })
            .run();

    ExecutionAssert.assertThat(result).succeeded().output("[\"A\",\"B\"]");
  }

  @Test
  void aFailingBranchInterruptsTheTaskOfItsSibling() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);

    ExecutionResult result =
        twoBranches()
            .tasks(
                call -> {
                  if (call.state().equals("A")) {
                    running.await();
                    throw new TaskFailure("E", "c");
                  }
                  try {
                    running.countDown();
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                  }
                  return call.input();
                })
            .run();

    ExecutionAssert.assertThat(result).failedWith("E");
    assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void interruptingTheRunAbortsIt() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    AtomicReference<ExecutionResult> result = new AtomicReference<>();
    Thread runner =
        new Thread(
            () ->
                result.set(
                    twoBranches()
                        .tasks(
                            call -> {
                              running.countDown();
                              new CountDownLatch(1).await();
                              return call.input();
                            })
                        .run()));

    runner.start();
    running.await();
    runner.interrupt();
    runner.join();

    assertThat(result.get().status()).isEqualTo(ExecutionStatus.ABORTED);
    assertThat(result.get().trace().first("Both"))
        .hasValueSatisfying(visit -> assertThat(visit.outcome()).isEqualTo(StateOutcome.ABORTED));
  }

  @Test
  void anotherThreadEndsRetries() throws InterruptedException {
    CountDownLatch waiting = new CountDownLatch(1);
    AtomicReference<ExecutionResult> result = new AtomicReference<>();
    Execution execution =
        StateMachine.parse(
                """
                {"StartAt":"Try","States":{"Try":{"Type":"Task","End":true,
                  "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f",
                  "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":99999}]}}}
                """,
                Map.of())
            .execution()
            .clock(WorkflowClock.real())
            .tasks(
                call -> {
                  throw new TaskFailure("Down", "c");
                })
            .listener(
                new ExecutionListener() {
                  @Override
                  public void onRetryScheduled(
                      String state, String error, int attempt, Duration delay) {
                    waiting.countDown();
                  }
                });
    Thread runner = new Thread(() -> result.set(execution.run()));
    runner.start();
    waiting.await();

    execution.endRetries();

    runner.join();
    assertThat(result.get().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(result.get().error()).isEqualTo("Down");
  }

  @Test
  void aWaitHoldsTheRunUntilItIsInterrupted() {
    Execution execution =
        StateMachine.parse(
                "{\"StartAt\":\"Nap\",\"States\":{\"Nap\":{\"Type\":\"Wait\",\"Seconds\":99999,\"End\":true}}}",
                Map.of())
            .execution()
            .clock(WorkflowClock.real())
            .listener(
                new ExecutionListener() {
                  @Override
                  public void onWait(String state, Duration delay) {
                    Thread.currentThread().interrupt();
                  }
                });

    ExecutionResult result = execution.run();

    assertThat(Thread.interrupted()).as("the interrupt stays set").isTrue();
    assertThat(result.status()).isEqualTo(ExecutionStatus.ABORTED);
  }

  @Test
  void anErrorOfAHandlerEndsTheRunItself() {
    Execution execution =
        twoBranches()
            .tasks(
                call -> {
                  throw new AssertionError("defect");
                });

    assertThatThrownBy(execution::run).isInstanceOf(AssertionError.class);
  }
}
