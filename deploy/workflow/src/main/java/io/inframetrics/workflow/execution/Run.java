package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.history.RecordedHistory;
import io.inframetrics.workflow.items.ObjectStore;
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
   * The longest execution; the state machine's own TimeoutSeconds can only shorten it.
   *
   * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html">Step
   *     Functions service quotas</a>
   */
  private static final Duration MAX_DURATION = Duration.ofDays(365);

  private final EventLoop loop;
  private final TaskHandler tasks;
  private final ObjectStore objects;
  private final RandomGenerator random;
  private final TraceRecorder trace;
  private final Instant start;
  private final Set<StateVisit> awaitingRetry = new LinkedHashSet<>();
  private boolean retriesEnded;
  private @Nullable Ending ending;
  private final RecordedHistory history = new RecordedHistory(this::historyIsFull);
  private final TaskTokens tokens;
  private long variableBytes;

  private record Ending(
      ExecutionStatus status, @Nullable JsonNode output, @Nullable Failure failure, Instant time) {}

  Run(
      EventLoop loop,
      TaskHandler tasks,
      ObjectStore objects,
      ExecutionListener listener,
      RandomGenerator random) {
    this.loop = loop;
    this.objects = objects;
    this.tasks = tasks;
    this.random = random;
    this.trace = new TraceRecorder(listener);
    this.start = loop.now();
    this.tokens = new TaskTokens(loop);
  }

  EventLoop loop() {
    return loop;
  }

  TaskHandler tasks() {
    return tasks;
  }

  ObjectStore objects() {
    return objects;
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

  TaskTokens tokens() {
    return tokens;
  }

  private void historyIsFull() {
    end(ExecutionStatus.FAILED, null, fullHistory());
  }

  static Failure fullHistory() {
    return Failure.of(
        ErrorName.RUNTIME,
        "The execution reached the maximum number of history events ("
            + RecordedHistory.MAX_EVENTS
            + ").");
  }

  ExecutionResult execute(States states, ContextObject context, JsonNode input, Duration limit) {
    Branch main =
        new Branch(
            this,
            history,
            "",
            0,
            states,
            context,
            Map.of(),
            output -> end(ExecutionStatus.SUCCEEDED, output, null),
            failure -> end(ExecutionStatus.FAILED, null, failure));
    Duration shortest = limit.compareTo(MAX_DURATION) < 0 ? limit : MAX_DURATION;
    main.event("ExecutionStarted", null, input, null, -1);
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
    return result(main, states);
  }

  private void end(ExecutionStatus status, @Nullable JsonNode output, @Nullable Failure failure) {
    if (ending == null) {
      ending = new Ending(status, output, failure, loop.now());
    }
  }

  private static String event(ExecutionStatus status) {
    return switch (status) {
      case SUCCEEDED -> "ExecutionSucceeded";
      case FAILED -> "ExecutionFailed";
      case TIMED_OUT -> "ExecutionTimedOut";
      case ABORTED -> "ExecutionAborted";
    };
  }

  private ExecutionResult result(Branch main, States states) {
    if (ending == null) {
      throw new IllegalStateException("the execution has not ended");
    }
    Failure failure = ending.failure();
    main.event(event(ending.status()), null, ending.output(), failure, -1);
    return new ExecutionResult(
        ending.status(),
        ending.output(),
        failure == null ? null : failure.error(),
        failure == null ? null : failure.cause(),
        trace.trace(start, ending.time(), history.events()),
        states);
  }
}
