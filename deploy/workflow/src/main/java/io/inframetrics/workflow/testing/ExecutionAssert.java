package io.inframetrics.workflow.testing;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.MissingPathException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.ExecutionStatus;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Assertions on how an execution went, for tests under any framework. Each throws an {@link
 * AssertionError} that says what was expected and what happened; each returns this, so that they
 * chain.
 */
public final class ExecutionAssert {

  private final ExecutionResult result;

  private ExecutionAssert(ExecutionResult result) {
    this.result = result;
  }

  /** Begins a chain of assertions. */
  public static ExecutionAssert assertThat(ExecutionResult result) {
    return new ExecutionAssert(result);
  }

  /** It reached an end. */
  public ExecutionAssert succeeded() {
    return expect("status", ExecutionStatus.SUCCEEDED, result.status());
  }

  /** It failed, with an error of this name. */
  public ExecutionAssert failedWith(String error) {
    return expect("status", ExecutionStatus.FAILED, result.status())
        .expect("error", error, result.error());
  }

  /** The state machine's own timeout ended it. */
  public ExecutionAssert timedOut() {
    return expect("status", ExecutionStatus.TIMED_OUT, result.status());
  }

  /** It entered exactly these states, in this order; states of concurrent branches take turns. */
  public ExecutionAssert enteredExactly(String... states) {
    return expect("states entered", List.of(states), result.trace().states());
  }

  /** It entered these states, in this order, with or without others in between. */
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

  /** It never entered any of these states. */
  public ExecutionAssert neverEntered(String... states) {
    for (String state : states) {
      if (result.trace().states().contains(state)) {
        throw failure("states entered", "none of " + List.of(states), result.trace().states());
      }
    }
    return this;
  }

  /**
   * It retried a state after exactly these numbers of seconds, all visits of the state together.
   */
  public ExecutionAssert retriedAfter(String state, long... seconds) {
    List<Duration> expected = Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList();
    return expect("retry delays of " + state, expected, result.trace().retryDelays(state));
  }

  /** It never retried this state. */
  public ExecutionAssert notRetried(String state) {
    return retriedAfter(state);
  }

  /**
   * It returned this.
   *
   * @param json JSON text; the order of fields does not matter, and numbers are compared by value
   */
  public ExecutionAssert output(String json) {
    return expectJson("output", Json.parse(json), result.output());
  }

  /**
   * It returned this at a path.
   *
   * @param path a JSONPath into the output
   * @param json JSON text, compared as in {@link #output}
   */
  public ExecutionAssert output(String path, String json) {
    JsonNode output = result.output();
    if (output == null) {
      throw failure("output", json, null);
    }
    return expectJson("output at " + path, Json.parse(json), at(path, output));
  }

  private static @Nullable JsonNode at(String path, JsonNode output) {
    Scope scope = new Scope(output, Json.NODES::objectNode, new java.util.Random(0));
    try {
      return DataPath.parse(path).evaluate(scope);
    } catch (MissingPathException e) {
      // Nothing there is an answer: it is not what was expected.
      return null;
    }
  }

  /** It made this many transitions: one for each state entered and one for each retry. */
  public ExecutionAssert transitions(int count) {
    return expect("transitions", count, result.trace().transitions());
  }

  /** It took exactly this long, on its clock. */
  public ExecutionAssert took(Duration duration) {
    return expect("duration", duration, result.trace().duration());
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
