package io.inframetrics.cost;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the cost model expects of one run, to compare with real runs.
 *
 * @param readUnits of all requests to the table
 * @param writeUnits of all requests to the table
 * @param all units of the table by kind of request
 * @param objectReads requests to the bucket that read, without those of the page
 * @param objectWrites requests to the bucket that write, likewise
 * @param metricWrites requests that publish metrics
 * @hidden for the test of real runs, which is of another module
 */
public record RunRequests(
    double readUnits,
    double writeUnits,
    Map<String, Double> all,
    double objectReads,
    double objectWrites,
    double metricWrites) {

  /** Reading requests to the bucket for the page of a run, which a function makes on AWS. */
  public static final int PAGE_READS = OtherRequests.PAGE_READS;

  private static final int PAGE_WRITES = 1;
  private static final int TYPES = Quantities.TYPES;

  /**
   * Requests of a run in which all functions share a process, so the list of series is read once
   * and the command line makes the page afterwards, with metrics of the fleet only.
   *
   * @param days for which there have been runs
   * @param at when the run is
   * @param idBytes how long the ids of the series are, on average
   */
  public static RunRequests of(
      Duration period, int series, int instances, double days, Instant at, double idBytes) {
    Assumptions assumed = Assumptions.load().with("series_id_bytes", idBytes);
    DynamoDbUse use =
        new DynamoDbUse(
            assumed,
            period,
            TYPES,
            series,
            instances * assumed.of("series_with_a_capacity"),
            days,
            at);
    OtherRequests others =
        new OtherRequests(
            assumed,
            Quantities.seriesByType(instances, series).values(),
            Math.max(1, period.toSeconds() / assumed.of("seconds_between_points")));
    Map<String, Double> all = new LinkedHashMap<>();
    double reads = 0;
    double writes = 0;
    for (DynamoDbUse.Request request : use.requests()) {
      if (!request.what().equals("the list of series, when processing")) {
        all.put(request.what(), request.units());
        reads += request.writes() ? 0 : request.units();
        writes += request.writes() ? request.units() : 0;
      }
    }
    return new RunRequests(
        reads,
        writes,
        all,
        others.objectReads() - PAGE_READS,
        others.objectWrites() - PAGE_WRITES,
        others.metricWrites(true, 0));
  }
}
