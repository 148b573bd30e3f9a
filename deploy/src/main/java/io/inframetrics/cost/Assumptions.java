package io.inframetrics.cost;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What no template says: sizes, times and how often somebody asks.
 *
 * @param values by name, each with its reason
 */
public record Assumptions(Map<String, Assumption> values) {

  /** Copies the map. */
  public Assumptions {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * One of them.
   *
   * @param value in the unit that its name says
   * @param why it is that
   */
  public record Assumption(double value, String why) {}

  /** Those of this release. */
  public static Assumptions load() {
    Map<String, Assumption> values = new LinkedHashMap<>();
    PackagedJson.read("assumptions.json")
        .properties()
        .forEach(
            entry -> {
              JsonNode json = entry.getValue();
              values.put(
                  entry.getKey(),
                  new Assumption(json.get("value").doubleValue(), json.get("why").stringValue()));
            });
    return new Assumptions(values);
  }

  /** The value of that name. */
  public double of(String name) {
    Assumption assumption = values.get(name);
    if (assumption == null) {
      throw new IllegalArgumentException("nothing is assumed of '" + name + "'");
    }
    return assumption.value();
  }
}
