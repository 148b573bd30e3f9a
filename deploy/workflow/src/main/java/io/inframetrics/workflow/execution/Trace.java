package io.inframetrics.workflow.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What happened in an execution.
 *
 * @param start when it started, on its clock
 * @param end when it ended
 * @param visits every state entered, in the order of entering; states of concurrent branches
 *     interleave
 * @param delays every wait and every retry delay, in the order they began
 * @param transitions what Step Functions bills: one for each state entered and one for each retry
 */
public record Trace(
    Instant start, Instant end, List<Visited> visits, List<Delay> delays, int transitions) {

  /** Copies the lists. */
  public Trace {
    visits = List.copyOf(visits);
    delays = List.copyOf(delays);
  }

  /**
   * One state entered.
   *
   * @param state its name
   * @param type its Type, such as {@code Task}
   * @param entered when
   * @param left when the execution left it
   * @param outcome how
   * @param retries how often it was retried
   * @param input the state's input as it came, before InputPath
   * @param output what it handed on; null unless it succeeded or its failure was caught
   */
  public record Visited(
      String state,
      String type,
      Instant entered,
      Instant left,
      StateOutcome outcome,
      int retries,
      JsonNode input,
      @Nullable JsonNode output) {

    /** How long the execution was in the state. */
    public Duration duration() {
      return Duration.between(entered, left);
    }
  }

  /** Why an execution stood still. */
  public enum DelayKind {
    /** A Wait state. */
    WAIT,
    /** The delay before a retry. */
    RETRY
  }

  /**
   * One wait or retry delay.
   *
   * @param state whose
   * @param kind why
   * @param duration how long it was meant to be
   * @param begun when it began
   */
  public record Delay(String state, DelayKind kind, Duration duration, Instant begun) {}

  /** The names of the states entered, in order. */
  public List<String> states() {
    return visits.stream().map(Visited::state).toList();
  }

  /** Every visit of a state, in order; empty when it was never entered. */
  public List<Visited> visits(String state) {
    return visits.stream().filter(visit -> visit.state().equals(state)).toList();
  }

  /** The first visit of a state. */
  public Optional<Visited> first(String state) {
    return visits.stream().filter(visit -> visit.state().equals(state)).findFirst();
  }

  /** The delays before each retry of a state, in order. */
  public List<Duration> retryDelays(String state) {
    return delays.stream()
        .filter(delay -> delay.kind() == DelayKind.RETRY && delay.state().equals(state))
        .map(Delay::duration)
        .toList();
  }

  /** How long the execution took, on its clock. */
  public Duration duration() {
    return Duration.between(start, end);
  }
}
