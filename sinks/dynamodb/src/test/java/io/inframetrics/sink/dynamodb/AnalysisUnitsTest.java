package io.inframetrics.sink.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An analysis reads a part of what it read before points were packed; writes cost little more. */
class AnalysisUnitsTest {

  private static final double MOST_WRITES = 1.1;

  @ParameterizedTest
  @CsvSource("10, 15, 3, 0.25") // Three days are too few for the whole gain.
  void areAPartOfWhatTheyWere(int series, int minutes, int days, double most) {
    compare(series, minutes, days, most);
  }

  @ParameterizedTest
  @Tag("soak")
  @EnabledIfSystemProperty(named = "inframetrics.units", matches = "true")
  @CsvSource({
    "10, 5, 15, 0.1",
    "1000, 5, 2, 0.1",
    "10, 15, 30, 0.2",
    "1000, 15, 3, 0.2",
    "10, 180, 30, 1",
    "1000, 180, 10, 1"
  })
  void areAPartOfWhatTheyWereInFleets(int series, int minutes, int days, double most) {
    compare(series, minutes, days, most);
  }

  private static void compare(int series, int minutes, int days, double most) {
    Duration period = Duration.ofMinutes(minutes);
    try (AnalysisUnits table = new AnalysisUnits(series, period, true)) {
      AnalysisUnits.Result units = table.measure(Duration.ofDays(days), minutes < 60 ? 4 : 1);
      System.out.printf("%d series every %d minutes: %s%n", series, minutes, units);
      assertThat(units.anomalies() / units.earlier()).isLessThanOrEqualTo(most);
      assertThat(units.forecast() / units.earlier()).isLessThanOrEqualTo(most);
      assertThat(units.writes() / units.runWrites()).isLessThanOrEqualTo(MOST_WRITES);
    }
  }
}
