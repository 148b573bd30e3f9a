package io.inframetrics.collect;

import io.inframetrics.metric.MetricType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
        collectors.addAll(create(factory, own));
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

  /**
   * A source that is there.
   *
   * @param types what it measures, sorted; empty if it cannot be used as it is set
   * @param settings every setting that it read, sorted by name
   * @param problem why it cannot be used as it is set, in one sentence; null if it can
   * @param jar the file or folder that it comes from
   * @hidden
   */
  public record Source(
      String name,
      List<MetricType> types,
      List<CollectorSettings.Known> settings,
      @Nullable String problem,
      String jar) {}

  /**
   * Every source on the class path with its settings, sorted by name. Makes the collectors of each,
   * since only that says what it reads.
   *
   * @param settings the settings of a source, by its name
   * @throws IllegalArgumentException if factories cannot be loaded
   * @hidden
   */
  public static List<Source> describe(
      Function<String, CollectorSettings> settings, ClassLoader classLoader) {
    List<Source> sources = new ArrayList<>();
    for (MetricCollectorFactory factory : factories(classLoader).values()) {
      CollectorSettings own = settings.apply(factory.name());
      List<MetricType> types = List.of();
      String problem = null;
      try {
        types = of(create(factory, own)).types();
        own.requireAllRead();
      } catch (IllegalArgumentException e) {
        problem = String.valueOf(e.getMessage());
      }
      sources.add(
          new Source(
              factory.name(),
              types,
              own.known(),
              problem,
              FactoryLoading.jarOf(factory.getClass())));
    }
    return sources;
  }

  private static List<MetricCollector> create(
      MetricCollectorFactory factory, CollectorSettings settings) {
    try {
      return factory.create(settings);
    } catch (LinkageError e) {
      throw new IllegalArgumentException(
          FactoryLoading.reason("source '%s'".formatted(factory.name()), factory.getClass(), e), e);
    }
  }

  private static SortedMap<String, MetricCollectorFactory> factories(ClassLoader classLoader) {
    TreeMap<String, MetricCollectorFactory> factories = new TreeMap<>();
    for (MetricCollectorFactory factory : FactoryLoading.all(classLoader)) {
      MetricCollectorFactory other = factories.put(factory.name(), factory);
      if (other != null) {
        throw new IllegalArgumentException(
            "two sources are named '%s', %s in %s and %s in %s: rename one or remove it from the class path"
                .formatted(
                    factory.name(),
                    other.getClass().getName(),
                    FactoryLoading.jarOf(other.getClass()),
                    factory.getClass().getName(),
                    FactoryLoading.jarOf(factory.getClass())));
      }
    }
    return factories;
  }
}
