package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.retry.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One stay in a state, as the state sees it: what it may read, and what it may have the execution
 * do. What was started is stopped when the state is left.
 *
 * @hidden
 */
public interface Visit {

  /** The time on the execution's clock. */
  Instant now();

  /** The context object of the branch that the state is in. */
  ContextObject context();

  /** The state's input as it came, and the context object. */
  Scope scope();

  /** Likewise, with the context object of an item of a Map. */
  Scope scope(ContextObject context);

  /** Counts events of the execution's history that have no state of their own. */
  void countEvents(int events);

  /** Wait: goes on after a while. */
  void pause(Duration delay, Runnable then);

  /** Runs a chain of states beside others; its failure is this state's. */
  void branch(States states, ContextObject context, JsonNode input, Consumer<JsonNode> onOutput);

  /** Task: calls the handler; when it takes longer than the timeout it is stopped. */
  void invoke(
      String resource, JsonNode input, @Nullable Duration timeout, Consumer<JsonNode> onResult);

  /** Leaves the state for another one with an output, or ends the branch when there is no other. */
  void go(@Nullable String next, JsonNode output);

  /** Retries, catches or fails. */
  void fail(Failure failure);
}
