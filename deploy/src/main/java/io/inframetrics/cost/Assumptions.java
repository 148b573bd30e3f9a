package io.inframetrics.cost;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The figures that no template contains, by name: sizes, times and how often people query. */
public record Assumptions(Map<String, Assumption> values) {

  public Assumptions {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** One assumption, in the unit that its name says, and the reason for it. */
  public record Assumption(double value, String why) {}

  /** Returns the assumptions of this release. */
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

  Assumptions with(String name, double value) {
    Map<String, Assumption> changed = new LinkedHashMap<>(values);
    changed.put(name, new Assumption(value, "measured; otherwise " + of(name)));
    return new Assumptions(changed);
  }

  /**
   * Returns the value of an assumption.
   *
   * @throws IllegalArgumentException if there is no assumption with that name
   */
  public double of(String name) {
    Assumption assumption = values.get(name);
    if (assumption == null) {
      throw new IllegalArgumentException("there is no assumption '" + name + "'");
    }
    return assumption.value();
  }
}
