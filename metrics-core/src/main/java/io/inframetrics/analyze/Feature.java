package io.inframetrics.analyze;

/**
 * One quantity of a series at each of its points, and how rare it is now, upwards or downwards.
 * What is not a number yet is not rare.
 */
final class Feature {

  private final Aspect aspect;
  private final int span;
  private final TailProbability above;
  private final TailProbability below;
  private double digits;
  private boolean upwards;

  Feature(Aspect aspect, int span, TailProbability.Reach reach) {
    this.aspect = aspect;
    this.span = span;
    this.above = new TailProbability(reach);
    this.below = new TailProbability(reach);
  }

  /** Judges the quantity by its past and makes it a part of that. */
  void next(double quantity, double resolution) {
    digits = 0;
    if (!Double.isNaN(quantity)) {
      judge(quantity, resolution);
      learn(quantity);
    }
  }

  /** Judges a quantity, a number, by the past. */
  void judge(double quantity, double resolution) {
    digits = 0;
    upwards = true;
    if (!above.isOrdinary(quantity, resolution) || !below.isOrdinary(-quantity, resolution)) {
      measure(quantity, resolution);
    }
  }

  private void measure(double quantity, double resolution) {
    double width = above.threshold() + below.threshold();
    double up = above.digits(quantity, width, resolution);
    double down = below.digits(-quantity, width, resolution);
    digits = Math.max(up, down);
    upwards = up >= down;
  }

  /** Makes a quantity, a number, a part of the past. */
  void learn(double quantity) {
    above.add(quantity);
    below.add(-quantity);
  }

  /** How rare it is, in digits of probability; 0 if it is not. */
  double digits() {
    return digits;
  }

  /** Whether it is rarely so high, not rarely so low. */
  boolean upwards() {
    return upwards;
  }

  Aspect aspect() {
    return aspect;
  }

  /** Points that it is made of. */
  int span() {
    return span;
  }

  /** What of a series it looks at. */
  enum Aspect {
    /** The mean of the last points. */
    LEVEL,
    /** That mean, less the mean of as many points before. */
    JUMP,
    /** The size of the steps from point to point. */
    SWING,
    /** The distance to the most similar stretch of the past. */
    SHAPE,
    /** The mean difference from what is usual at this time. */
    SEASON
  }
}
