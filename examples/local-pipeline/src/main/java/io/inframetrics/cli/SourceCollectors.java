package io.inframetrics.cli;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.host.HostSampler;
import io.inframetrics.collect.synthetic.SyntheticFleet;
import io.inframetrics.metric.Series;
import io.inframetrics.text.Texts;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A source's collectors; those of this machine also read it between runs. */
record SourceCollectors(CollectorRegistry registry, @Nullable HostSampler sampler)
    implements AutoCloseable {

  /** Gives a run some points in its window without more readings than needed. */
  private static final int READINGS_A_RUN = 5;

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

  /** The setting that the functions have for the same. */
  static final String INSTANCE_ID = CollectorSettings.PREFIX + "HOST_INSTANCE_ID";

  static SourceCollectors none() {
    return of(CollectorRegistry.of(List.of()));
  }

  /** Collectors that need no preparation. */
  static SourceCollectors of(CollectorRegistry registry) {
    return new SourceCollectors(registry, null);
  }

  /**
   * The collectors of a source.
   *
   * @param instance {@code --instance}: what to call this machine; null for the variable {@value
   *     #INSTANCE_ID} in {@code environment}, or else its host name
   */
  static SourceCollectors of(
      Source source, @Nullable String instance, Map<String, String> environment, Clock clock) {
    return switch (source) {
      case synthetic -> of(CollectorRegistry.of(SyntheticFleet.builder().build().collectors()));
      case host -> {
        HostSampler.Builder builder = HostSampler.builder(clock);
        String variable = environment.getOrDefault(INSTANCE_ID, "").trim();
        if (instance != null) {
          builder.instanceId(requireName("--instance", instance));
        } else if (!variable.isEmpty()) {
          builder.instanceId(requireName(INSTANCE_ID, variable));
        }
        HostSampler sampler = sampler(builder);
        yield new SourceCollectors(CollectorRegistry.of(sampler.collectors()), sampler);
      }
    };
  }

  private static HostSampler sampler(HostSampler.Builder builder) {
    try {
      return builder.build();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String requireName(String origin, String name) {
    if (name.isBlank()
        || name.length() > Series.MAX_NAME_LENGTH
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new UsageException(
          "%s '%s' is not valid: use 1 to %d characters, not all of them blank and none a control"
                  .formatted(origin, Texts.oneLine(name, 60), Series.MAX_NAME_LENGTH)
              + " character");
    }
    return name;
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
    if (every != null) {
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
