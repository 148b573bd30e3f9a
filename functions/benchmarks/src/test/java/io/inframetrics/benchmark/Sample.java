package io.inframetrics.benchmark;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One start.
 *
 * @param millis from the start of the process, or from the restore of its snapshot, to the response
 * @param cpuMillis that the process has computed until then; the system counts it in steps of 10
 * @param peakMegabytes of memory that were resident at most
 */
record Sample(double millis, double cpuMillis, double peakMegabytes) {

  static double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
    List<Double> sorted =
        samples.stream().map(figure::applyAsDouble).sorted(Comparator.naturalOrder()).toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
