package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.retry.ErrorHandling;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One state of a definition. Each type reads its fields in its constructor; a field that none reads
 * is refused. Immutable: all executions share it.
 *
 * @hidden
 */
public abstract sealed class State
    permits PassState,
        TaskState,
        ChoiceState,
        WaitState,
        SucceedState,
        FailState,
        ParallelState,
        MapState {

  private final String name;
  private final String type;
  private final String enteredEvent;
  private final String exitedEvent;
  private final @Nullable String next;

  State(String name, String type, @Nullable String next) {
    this.name = name;
    this.type = type;
    this.enteredEvent = type + "StateEntered";
    this.exitedEvent = type + "StateExited";
    this.next = next;
  }

  /** Reads the next state: exactly one of Next and End: true; null for End. */
  static @Nullable String nextOf(DefinitionObject fields) {
    fields.oneOf(true, "Next", "End");
    if (Boolean.FALSE.equals(fields.bool("End"))) {
      fields.problem(
          "End", "End must be true: to continue with another state, replace it with Next");
    }
    return fields.string("Next");
  }

  public final String name() {
    return name;
  }

  /** The state's Type, such as {@code Task}. */
  public final String type() {
    return type;
  }

  /** The type of the event in the history when the state is entered. */
  public final String enteredEvent() {
    return enteredEvent;
  }

  /** The type of the event when it is left, unless it failed. */
  public final String exitedEvent() {
    return exitedEvent;
  }

  /** The next state; null if this one ends its branch. */
  public final @Nullable String next() {
    return next;
  }

  /** The states that this one may lead to, except Next. */
  List<String> otherTargets() {
    return errorHandling().targets();
  }

  /** How the state's data is transformed; null for a Fail state, which has no output. */
  @Nullable DataFlow flow() {
    return null;
  }

  /**
   * Passes on each step of the state's data with its name in TestState.
   *
   * @param result null if the state did not get so far
   * @throws FailureException after the last step that succeeds
   */
  public void inspect(Scope raw, @Nullable JsonNode result, BiConsumer<String, JsonNode> steps) {
    DataFlow flow = flow();
    if (flow != null) {
      flow.inspect(raw, result, steps);
    }
  }

  /**
   * Whether TestState shows a step of the data of such a state, as recorded on AWS: a state has the
   * steps in which it can change its data.
   */
  public boolean shows(String step) {
    return switch (step) {
      case "afterInputPath" -> !(this instanceof ParallelState);
      case "afterParameters", "afterArguments", "result" -> this instanceof TaskState;
      case "afterResultSelector", "afterResultPath" -> canRetry();
      default -> true;
    };
  }

  /** Why a mock cannot be the result of such a state; empty if it can. */
  public String resultRefusal(JsonNode result) {
    return "";
  }

  /** The branches of a Parallel or the iteration of a Map. */
  public List<States> scopes() {
    return List.of();
  }

  /** Whether the type has Retry, and so a RetryCount in its context object. */
  public final boolean canRetry() {
    return this instanceof TaskState || this instanceof ParallelState || this instanceof MapState;
  }

  public ErrorHandling errorHandling() {
    return ErrorHandling.NONE;
  }

  final void succeed(Visit visit, DataFlow flow, JsonNode result) {
    visit.inspect("result", result);
    visit.go(next(), flow.outcome(visit.scope(), result));
  }

  /**
   * Starts one attempt, which ends, now or later, with {@link Visit#go} or {@link Visit#fail}.
   *
   * @throws FailureException instead of calling {@code fail}
   */
  public abstract void attempt(Visit visit);
}
