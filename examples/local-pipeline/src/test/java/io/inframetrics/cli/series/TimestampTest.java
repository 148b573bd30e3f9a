package io.inframetrics.cli.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTest {

  private static final Instant TIME = Instant.parse("2026-02-14T14:20:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1771078800",
        "1771078800.0",
        "1.7710788E9",
        "1771078800000",
        "1771078800000000",
        "1771078800000000000",
        "2026-02-14T14:20:00Z",
        "2026-02-14T14:20:00.000+00:00",
        "2026-02-14 15:20:00+01:00",
        "2026-02-14 09:20:00 -0500",
        "2026-02-14 14:20:00 +0000 UTC",
        "2026-02-14 14:20:00 UTC",
        "2026-02-14 14:20 GMT",
        "2026/02/14 14:20:00Z",
      })
  void zonesAreHeeded(String text) {
    assertThat(Timestamp.parse(text)).isEqualTo(new Timestamp(TIME, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-02-14 14:20:00",
        "2026-02-14T14:20",
        "2026/02/14 14:20:00",
        "2026/2/14 14:20"
      })
  void withoutAZoneItIsUtc(String text) {
    assertThat(Timestamp.parse(text)).isEqualTo(new Timestamp(TIME, false));
  }

  @Test
  void fractionsAreKept() {
    Instant half = TIME.plusMillis(500);
    assertThat(Timestamp.parse("1771078800500")).isEqualTo(new Timestamp(half, true));
    assertThat(Timestamp.parse("1771078800.5")).isEqualTo(new Timestamp(half, true));
    assertThat(Timestamp.parse("2026-02-14 14:20:00.5")).isEqualTo(new Timestamp(half, false));
    assertThat(Timestamp.parse("-0.5")).isEqualTo(new Timestamp(Instant.ofEpochMilli(-500), true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "NaN",
        "Infinity",
        "1e20",
        "2026-02-30 10:00",
        "2026/13/01",
        "02/03/2026",
        "3.2.26 10:00"
      })
  void otherTextsAreNotTimes(String text) {
    assertThat(Timestamp.parse(text)).isNull();
  }

  @Test
  void aDateWithItsYearLastIsAmbiguous() {
    assertThat(Timestamp.isAmbiguous("02/03/2026")).isTrue();
    assertThat(Timestamp.isAmbiguous("02.03.2026 10:00")).isTrue();
    assertThat(Timestamp.isAmbiguous("2/3/26, 10:00 AM")).isTrue();
    assertThat(Timestamp.isAmbiguous("2026-02-30")).isFalse();
    assertThat(Timestamp.isAmbiguous("yesterday")).isFalse();
  }
}
