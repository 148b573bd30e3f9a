package io.inframetrics.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.anomaly.AnomalyDetector;
import io.inframetrics.detect.forecast.ForecastDetector;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.detect.threshold.ThresholdDetector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for each built-in detector, whatever the values are. */
class DetectorContractTest {

  static Stream<Detector> detectors() {
    return Stream.of(
        new ThresholdDetector(Map.of(MetricType.CPU_UTILIZATION, Threshold.above(1.5))),
        new AnomalyDetector(AnomalyDetector.Settings.DEFAULTS),
        new ForecastDetector(Map.of(MetricType.CPU_UTILIZATION, 100.0), Duration.ofDays(30)));
  }

  @ParameterizedTest
  @MethodSource("detectors")
  void saysFiniteThingsOfWildValues(Detector detector) {
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      SeriesHistory history = history(wild(random));
      for (Finding finding : detector.detect(history)) {
        assertThat(finding.value()).isFinite();
        assertThat(finding.excess()).isFinite().isNotNegative();
        assertThat(finding.reason()).doesNotContain("NaN", "Infinity").hasSizeLessThan(201);
      }
      assertThat(detector.detect(history)).isEqualTo(detector.detect(history));
    }
  }

  @ParameterizedTest
  @MethodSource("detectors")
  void tellsEpisodesInOrderAndApart(Detector detector) {
    Random random = new Random(4);
    for (int round = 0; round < 100; round++) {
      List<Finding> findings = detector.detect(history(wild(random)));
      for (int i = 1; i < findings.size(); i++) {
        assertThat(findings.get(i).start()).isAfter(findings.get(i - 1).latest());
        assertThat(findings.get(i - 1).ongoing()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("detectors")
  void doesNotLookAhead(Detector detector) {
    Random random = new Random(5);
    for (int round = 0; round < 20; round++) {
      double[] values = wild(random);
      List<Finding> all = detector.detect(history(values));
      for (int n = 0; n < values.length; n += 7) {
        List<Finding> soFar = detector.detect(history(Arrays.copyOf(values, n)));
        assertThat(all).containsAll(soFar.stream().filter(one -> !one.ongoing()).toList());
      }
    }
  }

  private static SeriesHistory history(double... values) {
    return Histories.of(MetricType.CPU_UTILIZATION, MetricUnit.PERCENT, values);
  }

  private static double[] wild(Random random) {
    double[] values = new double[random.nextInt(200)];
    double level = 1;
    for (int i = 0; i < values.length; i++) {
      level = random.nextInt(30) == 0 ? random.nextGaussian() * 100 : level;
      values[i] =
          switch (random.nextInt(40)) {
            case 0 -> Double.MAX_VALUE;
            case 1 -> -Double.MAX_VALUE;
            case 2 -> Double.MIN_VALUE;
            case 3 -> 0;
            case 4 -> Double.NaN;
            default -> level + random.nextGaussian();
          };
    }
    return values;
  }
}
