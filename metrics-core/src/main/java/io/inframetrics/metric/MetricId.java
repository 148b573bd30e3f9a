package io.inframetrics.metric;

/** The text identity of an observation: {@code series_id#epoch_seconds}. */
public final class MetricId {

  private MetricId() {}

  public static String format(Series series, long epochSecond) {
    return series.id() + '#' + epochSecond;
  }
}
