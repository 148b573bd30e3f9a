package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.retry.Failure;
import io.inframetrics.workflow.state.ContextObject;
import io.inframetrics.workflow.state.States;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A running chain of states: the execution itself, a Parallel's branch or a Map's iteration. */
final class Branch implements EventLoop.Cancellable {

  private final Run run;
  private final States states;
  private final ContextObject context;
  private final Variables variables;
  private final Consumer<JsonNode> onOutput;
  private final Consumer<Failure> onFailure;
  private @Nullable StateVisit current;
  private boolean over;

  Branch(
      Run run,
      States states,
      ContextObject context,
      Map<String, JsonNode> outerVariables,
      Consumer<JsonNode> onOutput,
      Consumer<Failure> onFailure) {
    this.run = run;
    this.states = states;
    this.context = context;
    this.variables = new Variables(run, outerVariables);
    this.onOutput = onOutput;
    this.onFailure = onFailure;
  }

  Run run() {
    return run;
  }

  ContextObject context() {
    return context;
  }

  Variables variables() {
    return variables;
  }

  void start(JsonNode input) {
    enter(states.startAt(), input);
  }

  /** Schedules the next state, so that branches take turns, or ends the branch if there is none. */
  void go(@Nullable String next, JsonNode output) {
    if (next == null) {
      end();
      onOutput.accept(output);
    } else {
      enter(next, output);
    }
  }

  private void enter(String name, JsonNode input) {
    run.loop()
        .soon(
            () -> {
              if (!over) {
                current = new StateVisit(this, states.get(name), input);
                current.attempt();
              }
            });
  }

  private void end() {
    over = true;
    variables.release();
  }

  void fail(Failure failure) {
    end();
    onFailure.accept(failure);
  }

  @Override
  public void cancel() {
    if (!over) {
      end();
      if (current != null) {
        current.cancel();
      }
    }
  }
}
