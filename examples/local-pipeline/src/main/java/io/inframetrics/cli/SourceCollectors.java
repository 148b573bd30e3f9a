package io.inframetrics.cli;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.host.HostSampler;
import io.inframetrics.collect.synthetic.SyntheticFleet;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A source's collectors; those of this machine also read it between runs. */
record SourceCollectors(CollectorRegistry registry, @Nullable HostSampler sampler)
    implements AutoCloseable {

  /** Gives a run some points in its window without more readings than needed. */
  private static final int READINGS_A_RUN = 5;

  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

  static SourceCollectors none() {
    return of(CollectorRegistry.of(List.of()));
  }

  /** Collectors that need no preparation. */
  static SourceCollectors of(CollectorRegistry registry) {
    return new SourceCollectors(registry, null);
  }

  static SourceCollectors of(Source source, Clock clock) {
    return switch (source) {
      case synthetic -> of(CollectorRegistry.of(SyntheticFleet.builder().build().collectors()));
      case host -> {
        HostSampler sampler = HostSampler.builder(clock).build();
        yield new SourceCollectors(CollectorRegistry.of(sampler.collectors()), sampler);
      }
    };
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
