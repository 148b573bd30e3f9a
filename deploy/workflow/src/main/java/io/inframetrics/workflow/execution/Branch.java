package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.history.RecordedHistory;
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
  private final RecordedHistory history;
  private final String place;
  private long lastEvent;
  private @Nullable StateVisit current;
  private boolean over;

  /**
   * Creates a branch that has not started.
   *
   * @param place where it runs, such as {@code Fan out[0]}; empty for the execution itself
   * @param lastEvent the event of the history that started it; 0 if there is none
   */
  Branch(
      Run run,
      RecordedHistory history,
      String place,
      long lastEvent,
      States states,
      ContextObject context,
      Map<String, JsonNode> outerVariables,
      Consumer<JsonNode> onOutput,
      Consumer<Failure> onFailure) {
    this.run = run;
    this.history = history;
    this.place = place;
    this.lastEvent = lastEvent;
    this.states = states;
    this.context = context;
    this.variables = new Variables(run, outerVariables);
    this.onOutput = onOutput;
    this.onFailure = onFailure;
  }

  Run run() {
    return run;
  }

  RecordedHistory history() {
    return history;
  }

  String place() {
    return place;
  }

  long lastEvent() {
    return lastEvent;
  }

  /** Goes on in the history after the last event of a branch that this one started. */
  void continueAfter(Branch inner) {
    lastEvent = inner.lastEvent;
  }

  /** Adds an event after the branch's last one and returns its ID. */
  long event(
      String type,
      @Nullable String name,
      @Nullable JsonNode data,
      @Nullable Failure failure,
      long number) {
    lastEvent =
        history.add(
            lastEvent,
            run.loop().now(),
            type,
            name,
            data,
            failure == null ? null : failure.error(),
            failure == null ? null : failure.cause(),
            number);
    return lastEvent;
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

  /** Stops the branch where it is and lets it fail. */
  void stop(Failure failure) {
    if (!over) {
      cancel();
      onFailure.accept(failure);
    }
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
