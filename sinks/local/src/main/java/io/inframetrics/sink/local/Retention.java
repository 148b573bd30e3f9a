package io.inframetrics.sink.local;

import java.time.Duration;

/**
 * How long things are kept, as in the deployment's template: records, and everything else.
 *
 * @param records counted from the time of the observation
 * @param files raw files with their marks, counted from when they were processed; quarantine,
 *     reports, runs, notifications and data points, counted from when they were written
 */
public record Retention(Duration records, Duration files) {

  public static final Retention DEFAULT = new Retention(Duration.ofDays(30), Duration.ofDays(90));

  public Retention {
    if (records.compareTo(Duration.ofDays(1)) < 0 || files.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException(
          "records are kept for %s and files for %s: keep both for a day or more"
              .formatted(records, files));
    }
  }
}
