package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Outcome;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.retry.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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

  /** Counts events of the execution's history that are not about a state. */
  void countEvents(int events);

  /** Waits, then runs the action. */
  void pause(Duration delay, Runnable then);

  /**
   * Starts a chain of states; if it fails, this state fails with the same error.
   *
   * @param variables the variables that its states can read, besides their own
   */
  void branch(
      States states,
      ContextObject context,
      Map<String, JsonNode> variables,
      JsonNode input,
      Consumer<JsonNode> onOutput);

  /** Calls the task handler and stops it at the timeout. */
  void invoke(
      String resource, JsonNode input, @Nullable Duration timeout, Consumer<JsonNode> onResult);

  /** Leaves the state for the next one, or ends the branch if there is none. */
  void go(@Nullable String next, Outcome outcome);

  void fail(Failure failure);
}
