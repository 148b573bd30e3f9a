package io.inframetrics.metric;

/** The text identity of an observation: {@code series_id#epoch_seconds}. */
public final class MetricId {

  private MetricId() {}

  /** The id of what {@code series} was at {@code epochSecond}. */
  public static String format(Series series, long epochSecond) {
    return series.id() + '#' + epochSecond;
  }
}
