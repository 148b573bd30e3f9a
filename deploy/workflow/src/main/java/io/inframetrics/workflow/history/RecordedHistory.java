package io.inframetrics.workflow.history;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Collects the events of one execution, up to the limit of Step Functions. Used on the execution's
 * thread only.
 *
 * @hidden
 */
public final class RecordedHistory {

  /**
   * The most events in a history; an execution that exceeds it fails.
   *
   * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html">Step
   *     Functions service quotas</a>
   */
  public static final int MAX_EVENTS = 25_000;

  /** Enough for an execution of a few states. */
  private static final int INITIAL_EVENTS = 24;

  private final List<HistoryEvent> events = new ArrayList<>(INITIAL_EVENTS);
  private final Runnable onFull;

  /** {@code onFull} is called at every event past the limit. */
  public RecordedHistory(Runnable onFull) {
    this.onFull = onFull;
  }

  /** Adds an event and returns its ID; the arguments are those of {@link HistoryEvent}. */
  public long add(
      long previous,
      Instant time,
      String type,
      @Nullable String name,
      @Nullable JsonNode data,
      @Nullable String error,
      @Nullable String cause,
      long number) {
    long id = events.size() + 1L;
    events.add(new HistoryEvent(id, previous, time, type, name, data, error, cause, number));
    if (id > MAX_EVENTS) {
      onFull.run();
    }
    return id;
  }

  public List<HistoryEvent> events() {
    return List.copyOf(events);
  }
}
