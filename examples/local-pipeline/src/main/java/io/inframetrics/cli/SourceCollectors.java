package io.inframetrics.cli;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.host.HostCollectorFactory;
import io.inframetrics.collect.host.HostSampler;
import io.inframetrics.metric.Series;
import io.inframetrics.text.Texts;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The collectors of the chosen sources; those of this machine also read it between runs.
 *
 * @param sampler reads this machine; null if it is not a source
 * @param samplesByItself whether the settings say how often {@code sampler} reads
 */
record SourceCollectors(
    CollectorRegistry registry, @Nullable HostSampler sampler, boolean samplesByItself)
    implements AutoCloseable {

  static final String HOST = "host";

  /** Gives a run some points in its window without more readings than needed. */
  private static final int READINGS_A_RUN = 5;

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

  /** The setting that the functions have for the same. */
  private static final String INSTANCE_ID = CollectorSettings.PREFIX + "HOST_INSTANCE_ID";

  static SourceCollectors none() {
    return of(CollectorRegistry.of(List.of()));
  }

  /** Collectors that need no preparation. */
  static SourceCollectors of(CollectorRegistry registry) {
    return new SourceCollectors(registry, null, false);
  }

  /**
   * The collectors of the sources that {@code settings} choose.
   *
   * @param classLoader finds the sources
   * @param instance {@code --instance}: what to call this machine; null for the variable {@value
   *     #INSTANCE_ID}, or else its host name
   * @throws UsageException that says what is wrong with the settings of the sources
   */
  static SourceCollectors of(
      CommandSettings settings, ClassLoader classLoader, @Nullable String instance, Clock clock) {
    List<String> sources = new ArrayList<>(settings.functions().sources());
    try {
      if (!sources.remove(HOST)) {
        if (instance != null) {
          throw new UsageException("--instance names this machine: use it with --source host");
        }
        return of(discover(sources, settings, classLoader, clock));
      }
      CollectorSettings own = settings.ofSource(HOST, instance, clock);
      if (instance != null) {
        requireName("--instance", instance);
      }
      own.text("instance_id").ifPresent(name -> requireName(INSTANCE_ID, name));
      boolean samplesByItself = own.text("sample_every").isPresent();
      List<MetricCollector> others =
          sources.isEmpty() ? List.of() : all(discover(sources, settings, classLoader, clock));
      HostSampler sampler = HostCollectorFactory.sampler(own);
      List<MetricCollector> collectors = new ArrayList<>(sampler.collectors());
      collectors.addAll(others);
      return new SourceCollectors(CollectorRegistry.of(collectors), sampler, samplesByItself);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  private static CollectorRegistry discover(
      List<String> sources, CommandSettings settings, ClassLoader classLoader, Clock clock) {
    return CollectorRegistry.discover(
        sources, source -> settings.ofSource(source, null, clock), classLoader);
  }

  private static List<MetricCollector> all(CollectorRegistry registry) {
    return registry.types().stream().flatMap(type -> registry.collectors(type).stream()).toList();
  }

  /** Checks a name as it was given; {@code origin} is the option or variable. */
  static void requireName(String origin, String name) {
    if (!Series.isName(name)) {
      throw new UsageException(
          "%s '%s' is not valid: use 1 to %d characters, not all of them blank and none a control"
                  .formatted(origin, Texts.oneLine(name, 60), Series.MAX_NAME_LENGTH)
              + " character");
    }
  }

  /**
   * Takes two readings, since rates need two, and keeps reading if more runs are to come.
   *
   * @param every from run to run; null for a single run
   */
  void prepare(@Nullable Duration every) throws InterruptedException {
    if (sampler == null) {
      return;
    }
    sampler.sample();
    TimeUnit.NANOSECONDS.sleep(HostSampler.MIN_INTERVAL.toNanos());
    sampler.sample();
    if (every != null && !samplesByItself) {
      sampler.start(interval(every));
    }
  }

  static Duration interval(Duration every) {
    Duration interval = every.dividedBy(READINGS_A_RUN);
    if (interval.compareTo(HostSampler.MIN_INTERVAL) < 0) {
      return HostSampler.MIN_INTERVAL;
    }
    return interval.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : interval;
  }

  @Override
  public void close() {
    if (sampler != null) {
      sampler.close();
    }
  }
}
