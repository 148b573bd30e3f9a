package io.inframetrics.cost;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The capacity units that the cost model expects of one run, to compare with those of real runs.
 *
 * @param readUnits of all requests
 * @param writeUnits of all requests
 * @param all units by kind of request
 * @hidden for the test of real runs, which is of another module
 */
public record RunRequests(double readUnits, double writeUnits, Map<String, Double> all) {

  private static final int TYPES = 4;

  /**
   * Units of a run in which all functions share a process, so the list of series is read once.
   *
   * @param days for which there have been runs
   */
  public static RunRequests of(Duration period, int series, int instances, double days) {
    Assumptions assumed = Assumptions.load();
    DynamoDbUse use =
        new DynamoDbUse(
            assumed, period, TYPES, series, instances * assumed.of("series_with_a_capacity"), days);
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
    return new RunRequests(reads, writes, all);
  }
}
