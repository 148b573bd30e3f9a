package io.inframetrics.micrometer;

import java.util.List;
import java.util.Map;

/**
 * Which meters are read, and how they become series.
 *
 * @param meter the name of the meters, such as {@code http.server.requests}
 * @param statistic what is read of each
 * @param tags only meters with these tags are read
 * @param by tags that become dimensions; meters that agree in them are added up, of means the
 *     recordings and of maxima the largest
 * @param factor what values are multiplied by, such as 100 for a share that becomes a percentage
 */
public record MeterSelection(
    String meter, Statistic statistic, Map<String, String> tags, List<String> by, double factor) {

  public MeterSelection {
    if (meter.isBlank()) {
      throw new IllegalArgumentException(
          "the name of a meter is missing: give one such as http.server.requests");
    }
    if (!Double.isFinite(factor) || factor == 0) {
      throw new IllegalArgumentException(
          "the factor %s of meter '%s' is not usable: give a number other than 0"
              .formatted(factor, meter));
    }
    tags = Map.copyOf(tags);
    by = List.copyOf(by);
  }
}
