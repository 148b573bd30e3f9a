package io.inframetrics.cli.series;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2.134       | 2.134     | ''
          -5e3        | -5000     | ''
          .5          | 0.5       | ''
          2.134%      | 2.134     | %
          2.1 %       | 2.1       | %
          980 KiB     | 980       | KiB
          1.5 req/s   | 1.5       | req/s
          12 µs       | 12        | µs
          21 °C       | 21        | °C
          $3.20       | 3.2       | $
          2,5         | 2.5       | ''
          1,234.5     | 1234.5    | ''
          1.234,5 ms  | 1234.5    | ms
          1,234,567   | 1234567   | ''
          """)
  void readsNumberAndUnit(String text, double number, String unit) {
    Quantity quantity = Quantity.parse(text);
    assertThat(quantity).isNotNull();
    assertThat(quantity.number()).isEqualTo(number);
    assertThat(quantity.unit()).isEqualTo(unit);
    assertThat(Double.parseDouble(quantity.text())).isEqualTo(number);
  }

  @Test
  void aPlainNumberKeepsItsText() {
    assertThat(Quantity.parse(" 1.50")).returns(" 1.50", Quantity::text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"high", "1 h 3 m", "12:30:00", "2026-02-14", "1,2,3", "1.2.3", "%", "0x10"})
  void otherTextsAreNotValues(String text) {
    assertThat(Quantity.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-", "NaN", "null", "undefined", "N/A", "Infinity", "-inf"})
  void someTextsSayThatAValueIsMissing(String text) {
    assertThat(Quantity.parse(text)).returns(true, Quantity::isMissing);
  }

  @Test
  void aCommaBeforeThreeDigitsIsAmbiguous() {
    assertThat(Quantity.isAmbiguous("1,234")).isTrue();
    assertThat(Quantity.isAmbiguous("-12,345 %")).isTrue();
    assertThat(Quantity.isAmbiguous("0,123")).isFalse();
    assertThat(Quantity.isAmbiguous("1,23")).isFalse();
    assertThat(Quantity.isAmbiguous("1,234.5")).isFalse();
  }
}
