package io.inframetrics.detect.anomaly;

/**
 * What {@link AnomalyStream} says of one point.
 *
 * @param score 0 to 1, how unusual the point is: one minus the share of points of normal noise that
 *     are as unusual, about. That holds with some 1,000 to 15,000 points of history; with a few
 *     hundred up to ten times as many reach a score as it says, with more than 15,000 fewer. So it
 *     is with a season, and with heavy tails there are up to five times as many. The same threshold
 *     is right for all of them
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
