package io.inframetrics.pipeline.rawfile;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.ObjectKeys.RawFile;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which observations a raw file may have: of its own type, from {@link #MAX_AGE} before the file's
 * time to {@link #MAX_AHEAD} after it. Judged by the file's name and not by the clock, so that the
 * same file gives the same records whenever it is read.
 */
public final class Acceptance implements Function<Metric, Optional<String>> {

  /** Records live for 30 days; an older observation would be gone at once. */
  public static final Duration MAX_AGE = Duration.ofDays(30);

  /** Clocks differ; CloudWatch takes two hours ahead, too. */
  public static final Duration MAX_AHEAD = Duration.ofHours(2);

  private final MetricType type;
  private final Instant earliest;
  private final Instant latest;

  public Acceptance(MetricType type, Instant observedAt) {
    this.type = type;
    this.earliest = observedAt.minus(MAX_AGE);
    this.latest = observedAt.plus(MAX_AHEAD);
  }

  /**
   * What the file {@code key} may have; nothing at all if its name is not one, or lies ahead of the
   * clock, which no correct writer does.
   */
  public static Function<Metric, Optional<String>> of(
      String key, Optional<RawFile> file, Instant now) {
    if (file.isEmpty()) {
      return metric ->
          Optional.of(
              "the file's key '%s' is not of the form raw-metrics/yyyy/MM/dd/metrics-<metric_type>-<epoch seconds>.json with the date of those seconds"
                  .formatted(key));
    }
    Instant observedAt = file.get().observedAt();
    if (observedAt.isAfter(now.plus(MAX_AHEAD))) {
      return metric ->
          Optional.of(
              "the file's key '%s' says %s, more than %d hours ahead of the clock"
                  .formatted(key, observedAt, MAX_AHEAD.toHours()));
    }
    return new Acceptance(file.get().type(), observedAt);
  }

  /** Why {@code metric} is refused; empty if it is not. */
  @Override
  public Optional<String> apply(Metric metric) {
    if (!metric.series().type().equals(type)) {
      return Optional.of(
          "metric_type is '%s' in a file of '%s'".formatted(metric.series().type(), type));
    }
    Instant timestamp = metric.timestamp();
    if (timestamp.isBefore(earliest)) {
      return Optional.of(
          "timestamp %d (%s) is more than %d days before the file's time"
              .formatted(timestamp.getEpochSecond(), timestamp, MAX_AGE.toDays()));
    }
    if (timestamp.isAfter(latest)) {
      return Optional.of(
          "timestamp %d (%s) is more than %d hours after the file's time"
              .formatted(timestamp.getEpochSecond(), timestamp, MAX_AHEAD.toHours()));
    }
    return Optional.empty();
  }
}
