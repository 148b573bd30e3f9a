package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Outcome;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.items.ObjectStore;
import io.inframetrics.workflow.resource.TaskRequest;
import io.inframetrics.workflow.retry.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One visit of a state: what the state may read, and how it acts on the execution. Everything it
 * starts is stopped when the state is left.
 *
 * @hidden
 */
public interface Visit {

  Instant now();

  /** The context object of the branch that contains the state. */
  ContextObject context();

  /** The state's input before InputPath, with the context object. */
  Scope scope();

  /** The same input with the context object of a Map's item. */
  Scope scope(ContextObject context);

  /** Adds an event about the state to the history, such as MapStateStarted; -1 for no number. */
  void event(String type, @Nullable String name, long number);

  /** Returns a token, new for each attempt, that can complete a task from outside. */
  String newToken();

  /** Waits, then runs the action. */
  void pause(Duration delay, Runnable then);

  /** Starts a branch or an iteration; if it fails, this state fails with the same error. */
  void branch(BranchRequest request, Consumer<JsonNode> onOutput);

  /**
   * Starts an execution with a history of its own; its failure is passed on.
   *
   * @param limit after which it fails with States.Timeout; null for none
   */
  void child(
      BranchRequest request,
      @Nullable Duration limit,
      Consumer<JsonNode> onOutput,
      Consumer<Failure> onFailure);

  /** Where a distributed Map reads its items and writes its results. */
  ObjectStore objects();

  /** Calls the task handler and stops it at its limits. */
  void invoke(TaskRequest request, Consumer<JsonNode> onResult);

  /**
   * Whether the state is tested alone: branches, iterations and child executions are then not run,
   * and {@link #mocked} passes on their joint result.
   */
  default boolean inspects() {
    return false;
  }

  /** Passes on a step of the state's data with its name in TestState, if the state is tested. */
  default void inspect(String step, JsonNode value) {}

  default void mocked(Consumer<JsonNode> onResult) {
    throw new IllegalStateException("only a state that is tested alone has such a result");
  }

  /** How many items a test says have failed. */
  default long failedItems() {
    return 0;
  }

  /** Records which part of the state decided what comes next, such as {@code Choices[0]}. */
  default void decided(String part) {}

  /** Leaves the state for the next one, or ends the branch if there is none. */
  void go(@Nullable String next, Outcome outcome);

  void fail(Failure failure);
}
