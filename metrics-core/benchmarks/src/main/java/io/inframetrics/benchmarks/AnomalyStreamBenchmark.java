package io.inframetrics.benchmarks;

import io.inframetrics.detect.anomaly.AnomalyScore;
import io.inframetrics.detect.anomaly.AnomalyStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures the microseconds that the anomaly detector takes for a point. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AnomalyStreamBenchmark {

  /** A new detector fed a whole history; microseconds for all of it. */
  @State(Scope.Thread)
  public static class History {

    /** Points of the history: an analysis's default, and two weeks of five-minute points. */
    @Param({"240", "4032"})
    int points;

    private double[] values = {};

    @Setup
    public void invent() {
      values = SeasonalValues.of(points);
    }
  }

  @State(Scope.Thread)
  public static class Experienced {

    private final double[] values = SeasonalValues.of(8_192);
    private final AnomalyStream stream = new AnomalyStream();
    private int next;

    @Setup
    public void feed() {
      for (int i = 0; i < 4_032; i++) {
        one();
      }
    }

    private AnomalyScore one() {
      int i = next++;
      return stream.next(i * SeasonalValues.STEP_SECONDS, values[i % values.length]);
    }
  }

  /** A whole replay; divide the result by the points. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public double replay(History history) {
    return SeasonalValues.replay(new AnomalyStream(), history.values);
  }

  /** One point after 4,032. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public AnomalyScore nextPoint(Experienced experienced) {
    return experienced.one();
  }
}
