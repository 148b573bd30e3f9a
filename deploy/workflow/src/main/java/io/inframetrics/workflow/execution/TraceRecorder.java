package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.history.HistoryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Records an execution and notifies the listener. Used on the execution's thread only. */
final class TraceRecorder {

  private final ExecutionListener listener;
  private final List<Trace.@Nullable Visited> visits = new ArrayList<>();
  private final List<Trace.Delay> delays = new ArrayList<>();
  private int transitions;

  TraceRecorder(ExecutionListener listener) {
    this.listener = listener;
  }

  /** Starts a visit and returns its position in the trace, which {@link #exited} fills. */
  int entered(String state, Instant time) {
    visits.add(null);
    transitions++;
    listener.onStateEntered(state, time);
    return visits.size() - 1;
  }

  void exited(int visit, Trace.Visited visited) {
    visits.set(visit, visited);
    listener.onStateExited(visited.state(), visited.outcome(), visited.duration());
  }

  /** Records a delay and returns its position in the trace, for {@link #stopped}. */
  int waiting(String state, Instant time, Duration delay) {
    delays.add(new Trace.Delay(state, Trace.DelayKind.WAIT, delay, time));
    listener.onWait(state, delay);
    return delays.size() - 1;
  }

  int retrying(String state, String error, int retry, Instant time, Duration delay) {
    transitions++;
    delays.add(new Trace.Delay(state, Trace.DelayKind.RETRY, delay, time));
    listener.onRetryScheduled(state, error, retry, delay);
    return delays.size() - 1;
  }

  /** Shortens a delay that was not over when its state was left. */
  void stopped(int delay, Instant time) {
    Trace.Delay planned = delays.get(delay);
    Duration passed = Duration.between(planned.begun(), time);
    if (passed.compareTo(planned.duration()) < 0) {
      delays.set(delay, new Trace.Delay(planned.state(), planned.kind(), passed, planned.begun()));
    }
  }

  /** The complete trace; every visit must have ended. */
  Trace trace(Instant start, Instant end, List<HistoryEvent> events) {
    List<Trace.Visited> ended = new ArrayList<>(visits.size());
    visits.forEach(visit -> ended.add(Objects.requireNonNull(visit)));
    return new Trace(start, end, ended, delays, transitions, events);
  }
}
