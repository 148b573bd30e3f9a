package io.inframetrics.workflow.testing;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.MissingPathException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.ExecutionStatus;
import io.inframetrics.workflow.execution.Trace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks how an execution went, with any test framework. Each method throws an {@link
 * AssertionError} with the expected and the actual value, or returns this for chaining. A name that
 * is not in the definition fails, too, even where nothing is expected of it.
 */
public final class ExecutionAssert {

  private final ExecutionResult result;
  private final StateNames names;

  private ExecutionAssert(ExecutionResult result) {
    this.result = result;
    this.names = new StateNames(result.machine());
  }

  public static ExecutionAssert assertThat(ExecutionResult result) {
    return new ExecutionAssert(result);
  }

  public ExecutionAssert succeeded() {
    return expect("status", ExecutionStatus.SUCCEEDED, result.status());
  }

  public ExecutionAssert failedWith(String error) {
    return expect("status", ExecutionStatus.FAILED, result.status())
        .expect("error", error, result.error());
  }

  /** Fails unless the state machine's own timeout ended the execution. */
  public ExecutionAssert timedOut() {
    return expect("status", ExecutionStatus.TIMED_OUT, result.status());
  }

  /** Requires exactly these states, in this order; states of concurrent branches interleave. */
  public ExecutionAssert enteredExactly(String... states) {
    return expect("states entered", List.of(states), result.trace().states());
  }

  /** Requires these states in this order; others may come in between. */
  public ExecutionAssert entered(String... states) {
    List<String> entered = result.trace().states();
    int from = 0;
    for (String state : states) {
      int at = entered.subList(from, entered.size()).indexOf(state);
      if (at < 0) {
        throw failure("states entered", "in this order " + List.of(states), entered);
      }
      from += at + 1;
    }
    return this;
  }

  /** Fails if any of these states was entered. */
  public ExecutionAssert neverEntered(String... states) {
    for (String state : states) {
      checkState(state);
      if (result.trace().states().contains(state)) {
        throw failure("states entered", "none of " + List.of(states), result.trace().states());
      }
    }
    return this;
  }

  /** Requires exactly these delays before retries, in seconds, over all visits of the state. */
  public ExecutionAssert retriedAfter(String state, long... seconds) {
    checkState(state);
    List<Duration> expected = Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
    return expect("retry delays of " + state, expected, result.trace().retryDelays(state));
  }

  public ExecutionAssert notRetried(String state) {
    return retriedAfter(state);
  }

  /** Requires this JSON output; the order of fields is ignored, numbers are compared by value. */
  public ExecutionAssert output(String json) {
    return expectJson("output", Json.parse(json), result.output());
  }

  /** Requires this JSON at a JSONPath of the output, compared as in {@link #output(String)}. */
  public ExecutionAssert output(String path, String json) {
    JsonNode output = result.output();
    if (output == null) {
      throw failure("output", json, null);
    }
    return expectJson("output at " + path, Json.parse(json), at(path, output));
  }

  private static @Nullable JsonNode at(String path, JsonNode output) {
    Scope scope = Scope.ofData(output);
    try {
      return DataPath.parse(path).evaluate(scope);
    } catch (MissingPathException e) {
      // A missing value is reported as null, which differs from the expected value.
      return null;
    }
  }

  /** Requires that the last state which assigned this variable gave it this JSON. */
  public ExecutionAssert assigned(String variable, String json) {
    JsonNode last = null;
    for (Trace.Visited visit : result.trace().visits()) {
      last = visit.assigned().getOrDefault(variable, last);
    }
    return expectJson("variable " + variable, Json.parse(json), last);
  }

  /** Requires this number of iterations of a Map, over all its visits. */
  public ExecutionAssert iterations(String map, int count) {
    Pattern iteration = names.maps().get(map);
    if (iteration == null) {
      throw failure("name of a Map", "one of " + names.maps().keySet(), map);
    }
    long found =
        result.trace().visits().stream()
            .map(Trace.Visited::place)
            .filter(place -> iteration.matcher(place).matches())
            .distinct()
            .count();
    return expect("iterations of " + map, (long) count, found);
  }

  /**
   * Requires exactly these states in one branch or iteration.
   *
   * @param place such as {@code Fan out[1]}, or {@code Fan out[1]/Each order[0]} for one inside
   */
  public ExecutionAssert enteredIn(String place, String... states) {
    checkPlace(place);
    List<String> entered = in(place).map(Trace.Visited::state).toList();
    return expect("states entered in " + place, List.of(states), entered);
  }

  /** Requires this JSON as the output of the last state in one branch or iteration. */
  public ExecutionAssert outputIn(String place, String json) {
    checkPlace(place);
    JsonNode last =
        in(place).reduce((first, second) -> second).map(Trace.Visited::output).orElse(null);
    return expectJson("output of " + place, Json.parse(json), last);
  }

  private Stream<Trace.Visited> in(String place) {
    return result.trace().visits().stream().filter(visit -> visit.place().equals(place));
  }

  /**
   * Requires exactly these decisions over all visits of a state, such as {@code Choices[0]}, {@code
   * Default}, {@code Retry[0]} or {@code Catch[1]}.
   */
  public ExecutionAssert decided(String state, String... decisions) {
    checkState(state);
    List<String> found =
        result.trace().visits(state).stream().flatMap(visit -> visit.decisions().stream()).toList();
    return expect("decisions of " + state, List.of(decisions), found);
  }

  /** Requires this number of transitions: one for each state entered and one for each retry. */
  public ExecutionAssert transitions(int count) {
    return expect("transitions", count, result.trace().transitions());
  }

  /** Requires exactly this duration, on the execution's clock. */
  public ExecutionAssert took(Duration duration) {
    return expect("duration", duration, result.trace().duration());
  }

  private void checkState(String state) {
    if (!names.states().contains(state)) {
      throw failure("name of a state", "one of " + names.states(), state);
    }
  }

  private void checkPlace(String place) {
    if (!names.isPlace(place)) {
      throw failure(
          "place", "a branch or an iteration of the definition, such as Each order[0]", place);
    }
  }

  private ExecutionAssert expect(String what, Object expected, @Nullable Object actual) {
    if (!Objects.equals(expected, actual)) {
      throw failure(what, expected, actual);
    }
    return this;
  }

  private ExecutionAssert expectJson(String what, JsonNode expected, @Nullable JsonNode actual) {
    if (actual == null || !Json.same(expected, actual)) {
      throw failure(what, expected, actual);
    }
    return this;
  }

  private AssertionError failure(String what, Object expected, @Nullable Object actual) {
    return new AssertionError(
        """
        %s
          expected: %s
          was:      %s
        The execution ended %s%s after the states %s"""
            .formatted(
                what,
                expected,
                actual,
                result.status(),
                result.error() == null ? "" : " (" + result.error() + ": " + result.cause() + ")",
                result.trace().states()));
  }
}
