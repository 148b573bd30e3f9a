package io.inframetrics.benchmarks;

import io.inframetrics.detect.anomaly.AnomalyStream;

/** The first replay of two weeks of points in a fresh JVM, and the memory that a detector holds. */
public final class ColdReplay {

  private static final int POINTS = 4_032;
  private static final int DETECTORS = 200;

  private ColdReplay() {}

  /** Prints milliseconds and bytes. */
  public static void main(String[] args) {
    double[] values = SeasonalValues.of(POINTS);
    long start = System.nanoTime();
    double sum = SeasonalValues.replay(new AnomalyStream(), values);
    System.out.printf(
        "cold replay of %d points: %.1f ms%n", POINTS, (System.nanoTime() - start) / 1e6);
    AnomalyStream[] held = new AnomalyStream[DETECTORS];
    long before = used();
    for (int i = 0; i < DETECTORS; i++) {
      held[i] = new AnomalyStream();
      sum += SeasonalValues.replay(held[i], values);
    }
    long after = used();
    System.out.printf(
        "memory: %d kB a detector (sum of scores %.1f of %d)%n",
        (after - before) / DETECTORS / 1_024, sum, held.length);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
