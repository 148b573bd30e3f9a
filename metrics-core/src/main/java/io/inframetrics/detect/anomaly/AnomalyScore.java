package io.inframetrics.detect.anomaly;

/**
 * How unusual one point is, and whether to alarm at it.
 *
 * @param score 0 to 1: about one minus the share of points of normal noise that are as unusual.
 *     That holds with some 1,000 to 15,000 points of history. With a few hundred points, up to ten
 *     times as many reach a score; with more than 15,000, or with a season, fewer do; with heavy
 *     tails, up to five times as many. The same threshold is right for all of them
 * @param anomaly whether to alarm at this point: once for each episode
 */
public record AnomalyScore(double score, boolean anomaly) {

  static final AnomalyScore NONE = new AnomalyScore(0, false);

  public AnomalyScore {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException(
          "anomaly score %s is not valid: use 0 to 1".formatted(score));
    }
  }
}
