package io.inframetrics.workflow.state;

import java.util.Map;

/**
 * The states of a state machine, branch or Map processor. Transitions never leave it.
 *
 * @hidden
 */
public record States(String startAt, Map<String, State> byName) {

  public State get(String name) {
    State state = byName.get(name);
    if (state == null) {
      throw new IllegalStateException(
          "no state '" + name + "': the loader should have rejected the definition");
    }
    return state;
  }
}
