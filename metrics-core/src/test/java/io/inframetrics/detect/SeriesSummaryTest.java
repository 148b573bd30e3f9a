package io.inframetrics.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeriesSummaryTest {

  @Test
  void saysNothingOfNoPoints() {
    assertThat(SeriesSummary.of(Histories.cpu())).isEmpty();
  }

  @Test
  void describesOnePoint() {
    assertThat(SeriesSummary.of(Histories.cpu(42)))
        .contains(new SeriesSummary(1, Histories.at(0), Histories.at(0), 42, 42, 42, 42, 42, 42));
  }

  @Test
  void describesAHundredPoints() {
    double[] hundredToOne = IntStream.range(0, 100).mapToDouble(i -> 100 - i).toArray();

    assertThat(SeriesSummary.of(Histories.cpu(hundredToOne)).orElseThrow())
        .usingRecursiveComparison()
        .withComparatorForType((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : 1, Double.class)
        .isEqualTo(
            new SeriesSummary(100, Histories.at(0), Histories.at(99), 1, 100, 50.5, 50.5, 95, 1));
  }

  @Test
  void staysFiniteAtTheEndsOfTheNumbers() {
    SeriesSummary summary =
        SeriesSummary.of(Histories.cpu(Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE))
            .orElseThrow();

    assertThat(summary.mean()).isEqualTo(Double.MAX_VALUE);
    assertThat(summary.median()).isEqualTo(Double.MAX_VALUE);
  }
}
