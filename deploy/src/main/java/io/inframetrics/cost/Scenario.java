package io.inframetrics.cost;

import java.util.Map;

/**
 * A course that a run may take, simulated with the definition itself.
 *
 * @param name for people
 * @param transitions state transitions that are billed, retries included
 * @param invocations how often each function is called, by its ARN in the simulation
 */
public record Scenario(String name, int transitions, Map<String, Integer> invocations) {

  /** Copies the map. */
  public Scenario {
    invocations = Map.copyOf(invocations);
  }

  int invocations(String function) {
    return invocations.getOrDefault(function, 0);
  }
}
