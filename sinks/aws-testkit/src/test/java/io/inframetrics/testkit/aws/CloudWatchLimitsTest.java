package io.inframetrics.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.testkit.aws.PutMetricData.Datum;
import io.inframetrics.testkit.aws.PutMetricData.Dimension;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** At each limit and one past it. */
class CloudWatchLimitsTest {

  private static final Instant NOW = Instant.parse("2026-02-19T11:27:43Z");
  private static final Datum GOOD = values(List.of(1.0), List.of());

  @Test
  void aRequestHasAThousandDataAndAMegabyte() {
    assertTaken(new PutMetricData("n", Collections.nCopies(1_000, GOOD), 1_000_000, 1));
    assertRefused(new PutMetricData("n", Collections.nCopies(1_001, GOOD), 1, 1), "1000");
    assertRefused(new PutMetricData("n", List.of(GOOD), 1_000_001, 1), "1000001 bytes");
    assertRefused(new PutMetricData("n", List.of(), 1, 1), "MetricData");
  }

  @Test
  void aNamespaceIsNotReserved() {
    assertTaken(new PutMetricData("n".repeat(255), List.of(GOOD), 1, 1));
    for (String wrong : List.of("", ":n", "AWS/EC2", "n".repeat(256))) {
      assertRefused(new PutMetricData(wrong, List.of(GOOD), 1, 1), "amespace");
    }
  }

  @Test
  void aDatumHas150ValuesAndACountForEach() {
    assertTaken(values(doubles(150), doubles(150)));
    assertRefused(values(doubles(151), List.of()), "Values");
    assertRefused(values(doubles(2), doubles(1)), "Counts");
    assertRefused(values(doubles(1), List.of(0.0)), "count");
    assertRefused(values(List.of(), List.of()), "Exactly one");
  }

  @Test
  void valuesHaveMagnitudesThatItTakes() {
    assertTaken(values(List.of(0x1p360, -0x1p360, 0.0, 8.515920e-109), List.of()));
    for (double wrong :
        new double[] {Math.nextUp(0x1p360), -Double.MAX_VALUE, Double.MIN_VALUE, Double.NaN}) {
      assertRefused(values(List.of(wrong), List.of()), "out of range");
    }
  }

  @Test
  void timesLieInTheWindow() {
    assertTaken(at(NOW.minusSeconds(14 * 86_400)));
    assertRefused(at(NOW.minusSeconds(14 * 86_400 + 1)), "two weeks");
    assertTaken(at(NOW.plusSeconds(7_200)));
    assertRefused(at(NOW.plusSeconds(7_201)), "two hours");
  }

  @Test
  void aMetricHasThirtyAsciiDimensions() {
    assertTaken(dimensions(numbered(30)));
    assertRefused(dimensions(numbered(31)), "Dimensions");
    assertTaken(dimensions(List.of(new Dimension("n".repeat(255), "v".repeat(1_024)))));
    for (Dimension wrong :
        List.of(
            new Dimension("n".repeat(256), "v"),
            new Dimension("n", "v".repeat(1_025)),
            new Dimension(":n", "v"),
            new Dimension(" ", "v"),
            new Dimension("n", " "),
            new Dimension("é", "v"),
            new Dimension("n", "é"),
            new Dimension("n", "\u007f"))) {
      assertRefused(dimensions(List.of(wrong)), "invalid");
    }
    assertRefused(dimensions(List.of(new Dimension("n", "1"), new Dimension("n", "2"))), "twice");
  }

  private static List<Dimension> numbered(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Dimension("n" + i, "v")).toList();
  }

  private static List<Double> doubles(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(Double::valueOf).toList();
  }

  private static Datum values(List<Double> values, List<Double> counts) {
    return new Datum("m", List.of(), NOW, null, values, counts, "Percent", null);
  }

  private static Datum at(Instant time) {
    return new Datum("m", List.of(), time, 1.0, List.of(), List.of(), null, null);
  }

  private static Datum dimensions(List<Dimension> dimensions) {
    return new Datum("m", dimensions, NOW, 1.0, List.of(), List.of(), null, null);
  }

  private static void assertTaken(Datum datum) {
    assertTaken(new PutMetricData("n", List.of(datum), 1, 1));
  }

  private static void assertTaken(PutMetricData request) {
    assertThatCode(() -> CloudWatchLimits.check(request, NOW)).doesNotThrowAnyException();
  }

  private static void assertRefused(Datum datum, String because) {
    assertRefused(new PutMetricData("n", List.of(datum), 1, 1), because);
  }

  private static void assertRefused(PutMetricData request, String because) {
    assertThatThrownBy(() -> CloudWatchLimits.check(request, NOW))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.fault().status()).isEqualTo(400))
        .hasMessageContaining(because);
  }
}
