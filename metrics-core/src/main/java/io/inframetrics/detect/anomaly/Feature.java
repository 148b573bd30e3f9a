package io.inframetrics.detect.anomaly;

/** One quantity of a series at each point, and how rare it is now, up or down. NaN is not rare. */
final class Feature {

  private final Aspect aspect;
  private final int span;
  private final TailProbability above;
  private final TailProbability below;
  private long count;

  /** From here to {@link #highest}, quantities are neither rare nor remembered: most, in time. */
  private double lowest = Double.POSITIVE_INFINITY;

  private double highest = Double.NEGATIVE_INFINITY;
  private double digits;
  private boolean upwards;

  /** A quantity whose ordinary values say nothing about its rare ones. */
  Feature(Aspect aspect, int span) {
    this(aspect, span, TailProbability.ofFew(), TailProbability.ofFew());
  }

  private Feature(Aspect aspect, int span, TailProbability above, TailProbability below) {
    this.aspect = aspect;
    this.span = span;
    this.above = above;
    this.below = below;
  }

  /** A quantity that is near to normal. */
  static Feature nearNormal(Aspect aspect, int span) {
    return new Feature(aspect, span, TailProbability.ofMany(), TailProbability.ofMany());
  }

  /** Judges the quantity by its past and learns it; returns {@link #digits}. */
  double next(double quantity, double resolution) {
    if (lowest <= quantity && quantity <= highest) {
      digits = 0;
      count++;
    } else {
      judge(quantity, resolution);
      if (!Double.isNaN(quantity)) {
        learn(quantity);
      }
    }
    return digits;
  }

  /** Judges a quantity, which is not NaN, by the past. */
  void judge(double quantity, double resolution) {
    digits = 0;
    double high = above.threshold(count);
    double low = -below.threshold(count);
    if (quantity - high > resolution) {
      digits = above.digits(quantity, count, high - low, resolution);
      upwards = true;
    }
    if (low - quantity > resolution) {
      double down = below.digits(-quantity, count, high - low, resolution);
      upwards = digits >= down;
      digits = Math.max(digits, down);
    }
  }

  /** Learns a quantity, which is not NaN. */
  void learn(double quantity) {
    count++;
    above.add(quantity);
    below.add(-quantity);
    highest = above.floor();
    lowest = -below.floor();
  }

  /** How rare it is, in digits of probability; 0 if it is not. */
  double digits() {
    return digits;
  }

  /** Whether it is unusually high, not unusually low. */
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

  /** What it measures. */
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
