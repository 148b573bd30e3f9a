package io.inframetrics.collect;

import io.inframetrics.metric.MetricType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Collectors by metric type; several may serve one type. Immutable; safe to share. */
public final class CollectorRegistry {

  private final SortedMap<MetricType, List<MetricCollector>> byType;

  private CollectorRegistry(List<MetricCollector> collectors) {
    TreeMap<MetricType, List<MetricCollector>> grouped = new TreeMap<>();
    for (MetricCollector collector : collectors) {
      grouped.computeIfAbsent(collector.type(), type -> new ArrayList<>()).add(collector);
    }
    grouped.replaceAll((type, list) -> List.copyOf(list));
    this.byType = grouped;
  }

  public static CollectorRegistry of(List<MetricCollector> collectors) {
    return new CollectorRegistry(collectors);
  }

  /**
   * Creates the collectors of the chosen sources.
   *
   * @param sources names of factories, at least one
   * @param settings the settings of a source, by its name
   * @param classLoader where factories are looked up
   * @throws IllegalArgumentException that lists all mistakes: a source without a factory (the
   *     message names the known ones), a wrong setting, a setting that nobody reads
   */
  public static CollectorRegistry discover(
      List<String> sources, Function<String, CollectorSettings> settings, ClassLoader classLoader) {
    Map<String, MetricCollectorFactory> factories = factories(classLoader);
    List<MetricCollector> collectors = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    if (sources.isEmpty()) {
      mistakes.add("no source is chosen: name one or more of " + factories.keySet());
    }
    for (String source : sources) {
      MetricCollectorFactory factory = factories.get(source);
      if (factory == null) {
        mistakes.add("no source is named '%s': use %s".formatted(source, factories.keySet()));
        continue;
      }
      CollectorSettings own = settings.apply(source);
      try {
        collectors.addAll(factory.create(own));
        own.requireAllRead();
      } catch (IllegalArgumentException e) {
        mistakes.add(String.valueOf(e.getMessage()));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
    return of(collectors);
  }

  /** The names of the factories on the class path, sorted. */
  public static SortedSet<String> sources(ClassLoader classLoader) {
    return new TreeSet<>(factories(classLoader).keySet());
  }

  /** The types that have a collector, sorted. */
  public List<MetricType> types() {
    return List.copyOf(byType.keySet());
  }

  /** The collectors of {@code type}; empty if there is none. */
  public List<MetricCollector> collectors(MetricType type) {
    return byType.getOrDefault(type, List.of());
  }

  private static SortedMap<String, MetricCollectorFactory> factories(ClassLoader classLoader) {
    TreeMap<String, MetricCollectorFactory> factories = new TreeMap<>();
    for (MetricCollectorFactory factory :
        ServiceLoader.load(MetricCollectorFactory.class, classLoader)) {
      MetricCollectorFactory other = factories.put(factory.name(), factory);
      if (other != null) {
        throw new IllegalArgumentException(
            "two sources are named '%s', %s and %s: rename one or remove it from the class path"
                .formatted(
                    factory.name(), other.getClass().getName(), factory.getClass().getName()));
      }
    }
    return factories;
  }
}
