package io.inframetrics.cost;

import java.util.Map;

/**
 * One way a run can go, simulated with the definition itself.
 *
 * @param name shown to people
 * @param transitions state transitions that are billed, retries included
 * @param invocations how often each function is called, by its ARN in the simulation
 */
public record Scenario(String name, int transitions, Map<String, Integer> invocations) {

  public Scenario {
    invocations = Map.copyOf(invocations);
  }

  int invocations(String function) {
    return invocations.getOrDefault(function, 0);
  }
}
