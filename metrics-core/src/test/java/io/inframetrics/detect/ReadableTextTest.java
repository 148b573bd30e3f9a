package io.inframetrics.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.MetricUnit;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReadableTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "93|93",
        "37.66|37.66",
        "100|100",
        "80.04|80.04",
        "79.999999|80",
        "0|0",
        "-0.0|0",
        "-12.5|-12.5",
        "0.012345|0.01235",
        "1234.5|1,235",
        "123456|123,500",
        "4.2E12|4.2E+12",
        "1E-12|1E-12"
      })
  void writesNumbersWithFourDigits(double value, String words) {
    assertThat(ReadableText.number(value)).isEqualTo(words);
  }

  @Test
  void namesUnits() {
    assertThat(ReadableText.value(93, MetricUnit.PERCENT)).isEqualTo("93 %");
    assertThat(ReadableText.value(12.5, MetricUnit.MEGABITS_PER_SECOND)).isEqualTo("12.5 Mbit/s");
    assertThat(ReadableText.value(7, MetricUnit.COUNT)).isEqualTo("7");
    assertThat(ReadableText.change(1, MetricUnit.PERCENT)).isEqualTo("1 percentage point");
    assertThat(ReadableText.change(1.5, MetricUnit.PERCENT)).isEqualTo("1.5 percentage points");
    assertThat(ReadableText.change(2, MetricUnit.GIGABYTES)).isEqualTo("2 GB");
  }

  @ParameterizedTest
  @EnumSource(MetricUnit.class)
  void hasAWordForEveryUnit(MetricUnit unit) {
    assertThat(ReadableText.value(3, unit)).startsWith("3");
  }

  @Test
  void saysDurationsInTheirLargestUnit() {
    assertThat(ReadableText.duration(Duration.ofDays(15).plusHours(23))).isEqualTo("15 days");
    assertThat(ReadableText.duration(Duration.ofHours(24))).isEqualTo("1 day");
    assertThat(ReadableText.duration(Duration.ofMinutes(119))).isEqualTo("1 hour");
    assertThat(ReadableText.duration(Duration.ofSeconds(120))).isEqualTo("2 minutes");
    assertThat(ReadableText.duration(Duration.ofSeconds(59))).isEqualTo("59 seconds");
  }

  @Test
  void partsThousands() {
    assertThat(ReadableText.number(999.9)).isEqualTo("999.9");
    assertThat(ReadableText.number(1_000)).isEqualTo("1,000");
    assertThat(ReadableText.number(-1_000)).isEqualTo("-1,000");
    assertThat(ReadableText.number(-100.25)).isEqualTo("-100.3");
    assertThat(ReadableText.number(123_456_789)).isEqualTo("123,500,000");
    assertThat(ReadableText.count(1_234_567, "point")).isEqualTo("1,234,567 points");
  }

  @Test
  void saysHowOften() {
    assertThat(ReadableText.every(Duration.ofSeconds(1))).isEqualTo("second");
    assertThat(ReadableText.every(Duration.ofSeconds(10))).isEqualTo("10 seconds");
    assertThat(ReadableText.every(Duration.ofMinutes(1))).isEqualTo("minute");
    assertThat(ReadableText.every(Duration.ofMinutes(90))).isEqualTo("90 minutes");
    assertThat(ReadableText.every(Duration.ofHours(1))).isEqualTo("hour");
    assertThat(ReadableText.every(Duration.ofHours(3))).isEqualTo("3 hours");
    assertThat(ReadableText.every(Duration.ofDays(1))).isEqualTo("day");
    assertThat(ReadableText.every(Duration.ofDays(7))).isEqualTo("7 days");
  }
}
