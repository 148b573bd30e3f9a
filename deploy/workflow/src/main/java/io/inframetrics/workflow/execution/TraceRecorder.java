package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Writes down what an execution does and tells the listener. Used on the execution's thread only.
 */
final class TraceRecorder {

  private final ExecutionListener listener;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Trace.Delay> delays = new ArrayList<>();
  private int transitions;

  TraceRecorder(ExecutionListener listener) {
    this.listener = listener;
  }

  /** A visit that has begun; it is complete once the execution has left the state. */
  static final class Entry {
    private final State state;
    private final Instant entered;
    private final JsonNode input;
    private int retries;
    private Trace.@Nullable Visited visited;

    private Entry(State state, Instant entered, JsonNode input) {
      this.state = state;
      this.entered = entered;
      this.input = input;
    }

    Instant entered() {
      return entered;
    }
  }

  Entry entered(State state, Instant time, JsonNode input) {
    Entry entry = new Entry(state, time, input);
    entries.add(entry);
    transitions++;
    listener.onStateEntered(state.name(), time);
    return entry;
  }

  void exited(Entry entry, StateOutcome outcome, Instant time, @Nullable JsonNode output) {
    entry.visited =
        new Trace.Visited(
            entry.state.name(),
            entry.state.type(),
            entry.entered,
            time,
            outcome,
            entry.retries,
            entry.input,
            output);
    listener.onStateExited(entry.state.name(), outcome, entry.visited.duration());
  }

  void waiting(State state, Instant time, Duration delay) {
    delays.add(new Trace.Delay(state.name(), Trace.DelayKind.WAIT, delay, time));
    listener.onWait(state.name(), delay);
  }

  void retrying(Entry entry, String error, Instant time, Duration delay) {
    entry.retries++;
    transitions++;
    delays.add(new Trace.Delay(entry.state.name(), Trace.DelayKind.RETRY, delay, time));
    listener.onRetryScheduled(entry.state.name(), error, entry.retries, delay);
  }

  Trace trace(Instant start, Instant end) {
    List<Trace.Visited> visits = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      if (entry.visited == null) {
        exited(entry, StateOutcome.ABORTED, end, null);
      }
      visits.add(Objects.requireNonNull(entry.visited));
    }
    return new Trace(start, end, visits, delays, transitions);
  }
}
