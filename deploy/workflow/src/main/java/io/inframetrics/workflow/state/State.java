package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.MissingPathException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One state of a definition: immutable, shared by every execution. */
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
  private final Transition transition;

  State(String name, String type, Transition transition) {
    this.name = name;
    this.type = type;
    this.transition = transition;
  }

  public final String name() {
    return name;
  }

  public final String type() {
    return type;
  }

  /** The state after this one; null when this one ends its branch. */
  public final @Nullable String next() {
    return transition.next();
  }

  /** What this state's definition may go to, its own Next aside. */
  List<String> otherTargets() {
    return catchers().stream().map(Catcher::next).toList();
  }

  public List<Retrier> retriers() {
    return List.of();
  }

  public List<Catcher> catchers() {
    return List.of();
  }

  /** The scopes of states inside this one. */
  public List<States> inner() {
    return List.of();
  }

  /** Leaves the state with a result. */
  final void succeed(Visit visit, DataFlow flow, JsonNode result) {
    visit.go(next(), flow.output(visit.scope(), result));
  }

  /**
   * Begins one attempt. It ends, now or later, with {@link Visit#go} or {@link Visit#fail}.
   *
   * @throws FailureException instead of calling {@code fail}
   * @throws MissingPathException likewise
   */
  public abstract void attempt(Visit visit);
}
