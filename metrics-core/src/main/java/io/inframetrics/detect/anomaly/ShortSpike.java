package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.anomaly.Feature.Aspect;

/**
 * How rare it is that a series leaves its profile for two points, the shortest incident that is not
 * a stray value.
 *
 * <p>The difference from the profile remembers its last value; what is new in it is its difference
 * from what it remembers. Two raised points leave a trace of three new values, and the trace's
 * weight in them is the best statistic there is for them (a matched filter, North 1943). It is
 * taken at the second point, with what is there, and once more at the third.
 */
final class ShortSpike {

  /** How often each spike is looked at, so how often chance may look like one. */
  static final int LOOKS = 2;

  /** Share of its last value that a difference remembers at most; more would be a drift. */
  private static final double MOST_MEMORY = 0.9;

  private final Feature atSecond = Feature.nearNormal(Aspect.SEASON, 2);
  private final Feature atThird = Feature.nearNormal(Aspect.SEASON, 3);
  private long count;
  private double squares;
  private double products;
  private double clipped;
  private double previous = Double.NaN;
  private double fresh = Double.NaN;
  private double fresher = Double.NaN;

  /** Judges a difference from the profile and learns it; returns digits, 0 if it is not rare. */
  double next(double difference, double resolution) {
    if (Double.isNaN(difference)) {
      return 0;
    }
    double memory = squares > 0 ? Math.max(0, Math.min(MOST_MEMORY, products / squares)) : 0;
    double freshest = difference - memory * previous;
    double rest = 1 - memory;
    double two = 1 + rest * rest;
    atSecond.next((fresher + rest * freshest) / Math.sqrt(two), resolution);
    atThird.next(
        (fresh + rest * fresher - memory * freshest) / Math.sqrt(two + memory * memory),
        resolution);
    fresh = fresher;
    fresher = freshest;
    previous = difference;
    learn(difference);
    return rarest().digits();
  }

  private void learn(double difference) {
    double now = FadingMemory.cut(difference, count, squares);
    count++;
    double weight = FadingMemory.weight(count);
    squares += weight * (now * now - squares);
    products += weight * (now * clipped - products);
    clipped = now;
  }

  Feature rarest() {
    return atThird.digits() > atSecond.digits() ? atThird : atSecond;
  }
}
