package io.inframetrics.testkit.aws;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request that CloudWatch accepted, as plain data.
 *
 * @param data in the order of the request
 * @param bodyBytes bytes of the body, decompressed
 * @param wireBytes bytes of the body as sent
 */
public record PutMetricData(String namespace, List<Datum> data, int bodyBytes, int wireBytes) {

  public PutMetricData {
    data = List.copyOf(data);
  }

  public record Dimension(String name, String value) {}

  /**
   * One datum. It has either a {@code value} or {@code values}.
   *
   * @param counts empty if each value counts once
   * @param timestamp null if left to the service
   * @param storageResolution in seconds, null if left to the service
   */
  public record Datum(
      String metricName,
      List<Dimension> dimensions,
      @Nullable Instant timestamp,
      @Nullable Double value,
      List<Double> values,
      List<Double> counts,
      @Nullable String unit,
      @Nullable Integer storageResolution) {

    public Datum {
      dimensions = List.copyOf(dimensions);
      values = List.copyOf(values);
      counts = List.copyOf(counts);
    }

    /** How often each value is counted, by value. */
    public SortedMap<Double, Double> weights() {
      SortedMap<Double, Double> weights = new TreeMap<>();
      if (value != null) {
        weights.put(value, 1.0);
      }
      for (int i = 0; i < values.size(); i++) {
        weights.merge(values.get(i), counts.isEmpty() ? 1.0 : counts.get(i), Double::sum);
      }
      return weights;
    }
  }
}
