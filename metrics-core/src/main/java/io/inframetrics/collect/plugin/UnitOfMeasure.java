package io.inframetrics.collect.plugin;

import io.inframetrics.metric.MetricUnit;
import java.util.HashMap;
import java.util.Map;

/** What a unit of a plugin is here. */
record UnitOfMeasure(MetricUnit unit, double factor) {

  /** A counter since some start, which says nothing without the reading before. */
  static final String COUNTER = "c";

  private static final UnitOfMeasure NONE = new UnitOfMeasure(MetricUnit.NONE, 1);

  private static final Map<String, UnitOfMeasure> KNOWN = known();

  /** Plugins count 1,024 bytes as a kilobyte, however they spell it. */
  private static Map<String, UnitOfMeasure> known() {
    Map<String, UnitOfMeasure> known = new HashMap<>();
    known.put("%", new UnitOfMeasure(MetricUnit.PERCENT, 1));
    known.put("s", new UnitOfMeasure(MetricUnit.SECONDS, 1));
    known.put("ms", new UnitOfMeasure(MetricUnit.MILLISECONDS, 1));
    known.put("us", new UnitOfMeasure(MetricUnit.MICROSECONDS, 1));
    known.put("ns", new UnitOfMeasure(MetricUnit.MICROSECONDS, 1e-3));
    known.put("B", new UnitOfMeasure(MetricUnit.BYTES, 1));
    double bytes = 1;
    for (String prefix : new String[] {"K", "M", "G", "T", "P"}) {
      bytes *= 1_024;
      UnitOfMeasure unit = new UnitOfMeasure(MetricUnit.BYTES, bytes);
      known.put(prefix + "B", unit);
      known.put(prefix + "iB", unit);
    }
    known.put("kB", new UnitOfMeasure(MetricUnit.BYTES, 1_024));
    return Map.copyOf(known);
  }

  /** A unit that is not known is {@link MetricUnit#NONE}, with the value as it is. */
  static UnitOfMeasure of(String name) {
    return KNOWN.getOrDefault(name, NONE);
  }
}
