package io.inframetrics.workflow.state;

import java.util.Map;

/**
 * The states of a state machine, of a branch or of a Map's processor. A transition never leaves its
 * scope.
 *
 * @hidden
 */
public record States(String startAt, Map<String, State> byName) {

  public State get(String name) {
    State state = byName.get(name);
    if (state == null) {
      throw new IllegalStateException(
          "no state '" + name + "': the loader lets no such definition through");
    }
    return state;
  }
}
