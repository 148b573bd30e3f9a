package io.inframetrics.page;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What a page is to be made of.
 *
 * @param runId of the run that the page shows
 * @param observedAt the run's observation time
 * @param reportKey of the report that {@code ComposeReport} wrote; null if the run wrote none,
 *     because it failed before
 * @param details what happened on the state machine; null where that is not known
 * @param zone in which the page writes times
 * @param live whether the page is served by the program that runs: it then asks its server for the
 *     page of the next run, and shows it
 */
public record PageRequest(
    String runId,
    Instant observedAt,
    @Nullable String reportKey,
    @Nullable RunDetails details,
    ZoneId zone,
    boolean live) {

  /** A page that asks nothing of anyone. */
  public PageRequest(
      String runId,
      Instant observedAt,
      @Nullable String reportKey,
      @Nullable RunDetails details,
      ZoneId zone) {
    this(runId, observedAt, reportKey, details, zone, false);
  }
}
