package io.inframetrics.collect.synthetic;

/**
 * Noise as a pure function of (seed, stream, counter): no state, so a value does not depend on
 * earlier calls. Uses only integer arithmetic and the four basic operations, so every JVM gives the
 * same bits.
 *
 * @see <a href="https://dl.acm.org/doi/10.1145/2714064.2660195">Steele, Lea, Flood: Fast splittable
 *     pseudorandom number generators</a>
 */
final class CounterNoise {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private CounterNoise() {}

  /** 64 well mixed bits of the three numbers. */
  static long bits(long seed, long stream, long counter) {
    long hash = mix(seed + GOLDEN_GAMMA);
    hash = mix(hash + stream * GOLDEN_GAMMA);
    return mix(hash + counter * GOLDEN_GAMMA);
  }

  /** Evenly spread over [0, 1). */
  static double uniform(long seed, long stream, long counter) {
    return unit(bits(seed, stream, counter));
  }

  /**
   * About normal with mean 0 and deviation 1, as the sum of four uniform numbers: never beyond
   * 3.47, so that no sample of a healthy fleet is an outlier by itself.
   */
  static double normal(long seed, long stream, long counter) {
    long bits = bits(seed, stream, counter);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += unit(bits);
      bits = mix(bits + GOLDEN_GAMMA);
    }
    return (sum - 2) * 1.7320508075688772;
  }

  /** Noise that drifts: normal numbers at every {@code knotSeconds}, joined smoothly. */
  static double wandering(long seed, long stream, long second, long knotSeconds) {
    long knot = Math.floorDiv(second, knotSeconds);
    double x = (double) Math.floorMod(second, knotSeconds) / knotSeconds;
    double weight = x * x * (3 - 2 * x);
    double from = normal(seed, stream, knot);
    double to = normal(seed, stream, knot + 1);
    return from + (to - from) * weight;
  }

  private static double unit(long bits) {
    return (bits >>> 11) * 0x1.0p-53;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
