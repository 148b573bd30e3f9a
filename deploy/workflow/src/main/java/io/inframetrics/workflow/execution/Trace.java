package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.history.HistoryEvent;
import io.inframetrics.workflow.history.HistoryJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What happened in an execution, with times on the execution's clock.
 *
 * @param visits all visits in the order of entering; states of concurrent branches interleave
 * @param delays every wait and every delay before a retry, in the order they started
 * @param transitions what Step Functions bills: one for each state entered and one for each retry
 * @param events the execution's history; the executions that a distributed Map starts have their
 *     own
 */
public record Trace(
    Instant start,
    Instant end,
    List<Visited> visits,
    List<Delay> delays,
    int transitions,
    List<HistoryEvent> events) {

  public Trace {
    visits = List.copyOf(visits);
    delays = List.copyOf(delays);
    events = List.copyOf(events);
  }

  /**
   * One visit of a state.
   *
   * @param place the branches or iterations around it, such as {@code Fan out[1]/Each order[0]};
   *     empty for a state of the execution itself
   * @param type the state's Type, such as {@code Task}
   * @param input the state's input before InputPath
   * @param output null unless it succeeded or its failure was caught
   * @param assigned the variables that the state assigned, by name; empty if none
   * @param decisions the parts of the state that decided what came next, in order: {@code
   *     Choices[0]} or {@code Default}, {@code Retry[0]} once for each retry, {@code Catch[0]}
   */
  public record Visited(
      String state,
      String place,
      String type,
      Instant entered,
      Instant left,
      StateOutcome outcome,
      int retries,
      JsonNode input,
      @Nullable JsonNode output,
      Map<String, JsonNode> assigned,
      List<String> decisions) {

    public Visited {
      decisions = List.copyOf(decisions);
    }

    public Duration duration() {
      return Duration.between(entered, left);
    }
  }

  public enum DelayKind {
    WAIT,
    RETRY
  }

  /**
   * One wait or one delay before a retry.
   *
   * @param duration the planned one; less if the state was stopped before the delay was over
   */
  public record Delay(String state, DelayKind kind, Duration duration, Instant begun) {}

  /** The names of the states entered, in order. */
  public List<String> states() {
    return visits.stream().map(Visited::state).toList();
  }

  /** All visits of a state, in order; empty if it was never entered. */
  public List<Visited> visits(String state) {
    return visits.stream().filter(visit -> visit.state().equals(state)).toList();
  }

  public Optional<Visited> first(String state) {
    return visits.stream().filter(visit -> visit.state().equals(state)).findFirst();
  }

  /** The delays before each retry of a state, in order, over all its visits. */
  public List<Duration> retryDelays(String state) {
    return delays.stream()
        .filter(delay -> delay.kind() == DelayKind.RETRY && delay.state().equals(state))
        .map(Delay::duration)
        .toList();
  }

  public Duration duration() {
    return Duration.between(start, end);
  }

  /** The history as {@code aws stepfunctions get-execution-history} prints it. */
  public ObjectNode history() {
    return HistoryJson.write(events);
  }
}
