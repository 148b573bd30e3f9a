package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Scope;
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
  void event(String type, long number);

  /** Returns a token, new for each attempt, that can complete a task from outside. */
  String newToken();

  /** Waits, then runs the action. */
  void pause(Duration delay, Runnable then);

  /** Starts a branch of a Parallel; if it fails, this state fails with the same error. */
  void branch(
      States states,
      ContextObject context,
      int index,
      JsonNode input,
      Consumer<JsonNode> onOutput);

  /** Starts an iteration of a Map; if it fails, this state fails with the same error. */
  void iteration(
      States states,
      ContextObject context,
      int index,
      JsonNode input,
      Consumer<JsonNode> onOutput);

  /** Calls the task handler and stops it at its limits. */
  void invoke(TaskRequest request, Consumer<JsonNode> onResult);

  /** Leaves the state for the next one, or ends the branch if there is none. */
  void go(@Nullable String next, JsonNode output);

  void fail(Failure failure);
}
