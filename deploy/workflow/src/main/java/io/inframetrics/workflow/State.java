package io.inframetrics.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One state of a definition: immutable, shared by every execution. */
abstract sealed class State
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

  final String name() {
    return name;
  }

  final String type() {
    return type;
  }

  /** The state after this one; null when this one ends its branch. */
  final @Nullable String next() {
    return transition.next();
  }

  /** What this state's definition may go to, its own Next aside. */
  List<String> otherTargets() {
    return catchers().stream().map(Catcher::next).toList();
  }

  List<Retrier> retriers() {
    return List.of();
  }

  List<Catcher> catchers() {
    return List.of();
  }

  /** The scopes of states inside this one. */
  List<States> inner() {
    return List.of();
  }

  /**
   * Begins one attempt. It ends, now or later, with {@link Visit#succeed}, {@link Visit#go}, {@link
   * Visit#end} or {@link Visit#fail}.
   *
   * @throws FailureException instead of calling {@code fail}
   * @throws MissingPathException likewise
   */
  abstract void attempt(Visit visit);
}
