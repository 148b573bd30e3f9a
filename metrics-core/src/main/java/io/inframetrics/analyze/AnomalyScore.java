package io.inframetrics.analyze;

/**
 * What {@link AnomalyStream} says of one point.
 *
 * @param score 0 to 1, how unusual the point is: one minus the share of points of pure noise that
 *     are as unusual, about. It means the same for every series
 * @param anomaly whether to alarm at this point: once for each episode
 */
public record AnomalyScore(double score, boolean anomaly) {

  /** Nothing unusual. */
  static final AnomalyScore NONE = new AnomalyScore(0, false);

  public AnomalyScore {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException(
          "anomaly score %s is not valid: use 0 to 1".formatted(score));
    }
  }
}
