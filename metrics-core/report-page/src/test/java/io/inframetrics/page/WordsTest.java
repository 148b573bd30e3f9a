package io.inframetrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "37.66|Percent|37.7 %",
        "0|Percent|0 %",
        "12345.6|Count|12,350",
        "7|None|7",
        "120|Megabits/Second|120 Mbit/s",
        "1500|Megabits/Second|1.5 Gbit/s",
        "0.25|Megabits/Second|250 kbit/s",
        "1610612736|Bytes|1.5 GiB",
        "1500|Kilobytes|1.5 MB",
        "3.5|Count/Second|3.5 /s",
        "0.0042|Seconds|4.2 ms",
        "-2048|Bytes|-2 KiB",
        "5|Furlongs|5 Furlongs",
      })
  void valuesHaveTheUnitThatPeopleWrite(double value, String unit, String words) {
    assertThat(Words.value(value, unit)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S,0 s",
    "PT0.25S,250 ms",
    "PT41.9S,41.9 s",
    "PT1M41S,1 min 41 s",
    "PT5M,5 min",
    "PT1H,1 h",
    "PT90M,90 min",
    "PT2H30M,2.5 h",
    "PT24H,1 day",
    "PT84H,3.5 days",
  })
  void durationsHaveTheUnitThatFits(Duration duration, String words) {
    assertThat(Words.duration(duration)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "disk_usage#build-1#device=/|Disk usage on build-1, device=/",
        "cpu_utilization#i-0abc|CPU utilization on i-0abc",
        "queue_length#*|Queue length on many instances",
        "not an id|not an id",
      })
  void seriesAreNamedInWords(String seriesId, String words) {
    assertThat(Words.seriesName(seriesId)).isEqualTo(words);
  }

  @Test
  void timesAreThoseOfTheZone() {
    Instant instant = Instant.parse("2026-11-28T23:30:00Z");

    assertThat(new Words(ZoneOffset.UTC).time(instant)).isEqualTo("2026-11-28 23:30");
    assertThat(new Words(ZoneId.of("Asia/Tokyo")).time("2026-11-28T23:30:00Z"))
        .isEqualTo("2026-11-29 08:30");
    assertThat(new Words(ZoneOffset.UTC).time("soon")).isEqualTo("soon");
    assertThat(new Words(ZoneOffset.UTC).zone()).isEqualTo("UTC");
  }

  @Test
  void anAnchorIsAnIdWhateverTheSeries() {
    assertThat(Words.anchor("disk_usage#a b#device=/\u00fc"))
        .isEqualTo("series-disk_5fusage_23a_20b_23device_3d_2f_fc");
  }
}
