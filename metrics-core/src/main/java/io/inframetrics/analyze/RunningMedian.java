package io.inframetrics.analyze;

import java.util.Arrays;

/**
 * The values seen so far, kept sorted: median, median absolute deviation and rank at any moment.
 * Grows with what is added; for the few thousand points of a history an array beats any tree.
 */
final class RunningMedian {

  private double[] sorted = new double[64];
  private int size;

  void add(double value) {
    if (size == sorted.length) {
      sorted = Arrays.copyOf(sorted, 2 * size);
    }
    int at = countBelow(value);
    System.arraycopy(sorted, at, sorted, at + 1, size - at);
    sorted[at] = value;
    size++;
  }

  int size() {
    return size;
  }

  double median() {
    return Robust.medianOfSorted(sorted, size);
  }

  /**
   * The median distance from {@code median}, the upper one of two. Walks from the middle outwards,
   * where distances ascend on both sides, so nothing needs to be sorted.
   */
  double medianDistance(double median) {
    int right = countBelow(median);
    int left = right - 1;
    double distance = 0;
    for (int i = 0; i <= size / 2 && i < size; i++) {
      double toLeft = left >= 0 ? median - sorted[left] : Double.POSITIVE_INFINITY;
      double toRight = right < size ? sorted[right] - median : Double.POSITIVE_INFINITY;
      if (toLeft <= toRight && left >= 0) {
        distance = toLeft;
        left--;
      } else {
        distance = toRight;
        right++;
      }
    }
    return Robust.finite(distance);
  }

  /** The mean distance from {@code median}. */
  double meanDistance(double median) {
    double mean = 0;
    for (int i = 0; i < size; i++) {
      mean += Math.abs(Robust.finite(sorted[i] - median)) / size;
    }
    return Robust.finite(mean);
  }

  int countBelow(double value) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  int countAtMost(double value) {
    return value == Double.MAX_VALUE ? size : countBelow(Math.nextUp(value));
  }
}
