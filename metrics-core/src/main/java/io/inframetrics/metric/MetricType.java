package io.inframetrics.metric;

/** x. */
public record MetricType(String name) {
  @Override
  public String toString() {
    return name;
  }
}
