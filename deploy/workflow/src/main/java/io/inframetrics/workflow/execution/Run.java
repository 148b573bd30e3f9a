package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.retry.Failure;
import io.inframetrics.workflow.state.ContextObject;
import io.inframetrics.workflow.state.States;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

final class Run {

  /**
   * The most events in a history; an execution that exceeds it fails.
   *
   * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html">Step
   *     Functions service quotas</a>
   */
  private static final long MAX_EVENTS = 25_000;

  /**
   * The longest execution; the state machine's own TimeoutSeconds can only shorten it.
   *
   * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html">Step
   *     Functions service quotas</a>
   */
  private static final Duration MAX_DURATION = Duration.ofDays(365);

  private final EventLoop loop;
  private final TaskHandler tasks;
  private final RandomGenerator random;
  private final TraceRecorder trace;
  private final Instant start;
  private final Set<StateVisit> awaitingRetry = new LinkedHashSet<>();
  private boolean retriesEnded;
  private @Nullable Ending ending;
  private long events = 1;
  private long variableBytes;

  private record Ending(
      ExecutionStatus status, @Nullable JsonNode output, @Nullable Failure failure, Instant time) {}

  Run(EventLoop loop, TaskHandler tasks, ExecutionListener listener, RandomGenerator random) {
    this.loop = loop;
    this.tasks = tasks;
    this.random = random;
    this.trace = new TraceRecorder(listener);
    this.start = loop.now();
  }

  EventLoop loop() {
    return loop;
  }

  TaskHandler tasks() {
    return tasks;
  }

  RandomGenerator random() {
    return random;
  }

  TraceRecorder trace() {
    return trace;
  }

  /** The size of all variables of all branches that have not ended. */
  long variableBytes() {
    return variableBytes;
  }

  void addVariableBytes(long change) {
    variableBytes += change;
  }

  /** The visits that wait for their next attempt. */
  Set<StateVisit> awaitingRetry() {
    return awaitingRetry;
  }

  boolean retriesEnded() {
    return retriesEnded;
  }

  /** Makes tasks fail instead of trying again, and those that wait for a retry fail now. */
  void endRetries() {
    retriesEnded = true;
    List.copyOf(awaitingRetry).forEach(StateVisit::endRetry);
  }

  /** Adds events to the history and returns the ID of the last one; too many end the execution. */
  long happens(int more) {
    events += more;
    if (events > MAX_EVENTS) {
      end(
          ExecutionStatus.FAILED,
          null,
          Failure.of(
              ErrorName.RUNTIME,
              "The execution reached the maximum number of history events (" + MAX_EVENTS + ")."));
    }
    return events;
  }

  ExecutionResult execute(States states, ContextObject context, JsonNode input, Duration limit) {
    Branch main =
        new Branch(
            this,
            states,
            context,
            Map.of(),
            output -> end(ExecutionStatus.SUCCEEDED, output, null),
            failure -> end(ExecutionStatus.FAILED, null, failure));
    Duration shortest = limit.compareTo(MAX_DURATION) < 0 ? limit : MAX_DURATION;
    try {
      if (SizeLimit.exceeded(input)) {
        end(
            ExecutionStatus.FAILED,
            null,
            Failure.of(
                ErrorName.DATA_LIMIT_EXCEEDED,
                "The execution's input is larger than the service limit."));
      }
      main.start(input);
      loop.after(shortest, () -> end(ExecutionStatus.TIMED_OUT, null, null));
      loop.run(() -> ending != null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(ExecutionStatus.ABORTED, null, null);
    } finally {
      main.cancel();
      loop.close();
    }
    return result();
  }

  private void end(ExecutionStatus status, @Nullable JsonNode output, @Nullable Failure failure) {
    if (ending == null) {
      ending = new Ending(status, output, failure, loop.now());
    }
  }

  private ExecutionResult result() {
    if (ending == null) {
      throw new IllegalStateException("the execution has not ended");
    }
    Failure failure = ending.failure();
    return new ExecutionResult(
        ending.status(),
        ending.output(),
        failure == null ? null : failure.error(),
        failure == null ? null : failure.cause(),
        trace.trace(start, ending.time()));
  }
}
