package io.inframetrics.detect.regular;

/**
 * A stretch of a few hours at most in which a series was clearly off its usual level. Times in
 * seconds since 1970.
 *
 * @param start time of the first point
 * @param end time of the last point and the usual spacing, so that one point lasts as long as it
 *     stands for
 * @param level how far the values were from the usual level, the median; negative below it
 * @param value the median of the values themselves
 * @param area the sum of all distances from the usual level: how much there was to do, also where a
 *     run fills points in part
 */
record Occurrence(long start, long end, double level, double value, double area) {

  long length() {
    return end - start;
  }

  boolean isUpwards() {
    return level > 0;
  }
}
