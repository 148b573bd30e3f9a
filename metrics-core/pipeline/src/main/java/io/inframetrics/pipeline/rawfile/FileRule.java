package io.inframetrics.pipeline.rawfile;

import io.inframetrics.metric.Metric;
import io.inframetrics.naming.ObjectKeys.RawFile;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which observations a raw file may have: of its own type, from {@link #MAX_AGE} before the file's
 * time to {@link #MAX_AHEAD} after it. Judged by the file's name and not by the clock, so that the
 * same file gives the same records whenever it is read.
 */
@FunctionalInterface
public interface FileRule {

  /** Records live for 30 days; an older observation would be gone at once. */
  Duration MAX_AGE = Duration.ofDays(30);

  /** Clocks differ; CloudWatch takes two hours ahead, too. */
  Duration MAX_AHEAD = Duration.ofHours(2);

  /** Why {@code metric} is refused; empty if it is accepted. */
  Optional<String> refusal(Metric metric);

  /** What a file with such a name may have. */
  static FileRule of(RawFile file) {
    Instant earliest = file.observedAt().minus(MAX_AGE);
    Instant latest = file.observedAt().plus(MAX_AHEAD);
    return metric -> {
      if (!metric.series().type().equals(file.type())) {
        return Optional.of(
            "metric_type is '%s' in a file of '%s'".formatted(metric.series().type(), file.type()));
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
    };
  }

  /**
   * What the file {@code key} may have; nothing at all if {@code file} is empty, as its name is not
   * a raw file's, or lies ahead of the clock, which no correct writer does.
   */
  static FileRule of(String key, Optional<RawFile> file, Instant now) {
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
              "the file's key '%s' is dated %s, more than %d hours ahead of the clock"
                  .formatted(key, observedAt, MAX_AHEAD.toHours()));
    }
    return of(file.get());
  }
}
