package io.inframetrics.collect;

import java.util.List;

/**
 * Makes collectors from settings. Found by {@link java.util.ServiceLoader}: name your
 * implementation in {@code META-INF/services/io.inframetrics.collect.MetricCollectorFactory} and
 * give it a public constructor without parameters, which should do nothing.
 */
public interface MetricCollectorFactory {

  /**
   * The source's name, which selects it ({@code INFRAMETRICS_SOURCE}) and prefixes its settings
   * ({@code INFRAMETRICS_COLLECTOR_<NAME>_*}): lower-case letters, digits and single underscores.
   * Constant and unique.
   */
  String name();

  /**
   * Makes the collectors, at least one. Called once, at start-up. Read the settings through a
   * {@link SettingsReader} to report every mistake at once.
   *
   * @param settings read every setting that you know: a setting that nobody reads is rejected
   * @throws IllegalArgumentException with one clear sentence, if a setting is wrong
   */
  List<MetricCollector> create(CollectorSettings settings);
}
