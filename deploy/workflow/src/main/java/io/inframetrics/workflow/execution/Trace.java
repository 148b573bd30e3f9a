package io.inframetrics.workflow.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What happened in an execution, with times on the execution's clock.
 *
 * @param visits all visits in the order of entering; states of concurrent branches interleave
 * @param delays every wait and every delay before a retry, in the order they started
 * @param transitions what Step Functions bills: one for each state entered and one for each retry
 */
public record Trace(
    Instant start, Instant end, List<Visited> visits, List<Delay> delays, int transitions) {

  public Trace {
    visits = List.copyOf(visits);
    delays = List.copyOf(delays);
  }

  /**
   * One visit of a state.
   *
   * @param type the state's Type, such as {@code Task}
   * @param input the state's input before InputPath
   * @param output null unless it succeeded or its failure was caught
   * @param assigned the variables that the state assigned, by name; empty if none
   */
  public record Visited(
      String state,
      String type,
      Instant entered,
      Instant left,
      StateOutcome outcome,
      int retries,
      JsonNode input,
      @Nullable JsonNode output,
      Map<String, JsonNode> assigned) {

    public Duration duration() {
      return Duration.between(entered, left);
    }
  }

  public enum DelayKind {
    WAIT,
    RETRY
  }

  /** One wait or one delay before a retry; {@code duration} is the planned one. */
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
}
