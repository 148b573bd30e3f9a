package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MuteTest {

  private static final Instant FROM = Instant.parse("2026-02-19T22:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-02-20T06:00:00Z");

  @Test
  void severalAreSeparatedBySemicolons() {
    assertThat(
            Mute.list(
                "disk_usage#a@b#device=%2F,k=v@2026-02-19T22:00Z/2026-02-20T06:00Z; "
                    + "*@2026-02-19T23:00:00+01:00/2026-02-20T06:00:00Z;"))
        .containsExactly(
            new Mute("disk_usage#a@b#device=%2F,k=v", FROM, UNTIL), new Mute("*", FROM, UNTIL));
    assertThat(Mute.list(" ")).isEqualTo(List.of());
  }

  @Test
  void coversFromItsStartUntilBeforeItsEnd() {
    Mute mute = new Mute("*", FROM, UNTIL);
    assertThat(mute.covers("a", FROM.minusNanos(1))).isFalse();
    assertThat(mute.covers("a", FROM)).isTrue();
    assertThat(mute.covers("a", UNTIL.minusNanos(1))).isTrue();
    assertThat(mute.covers("a", UNTIL)).isFalse();
  }

  @Test
  void aStarStandsForAnythingAndNothingElseDoes() {
    assertThat(new Mute("disk_usage#build-*", FROM, UNTIL).covers("disk_usage#build-1#d=/", FROM))
        .isTrue();
    assertThat(new Mute("disk_usage#build-*", FROM, UNTIL).covers("cpu_usage#build-1", FROM))
        .isFalse();
    assertThat(new Mute("*#a.c#*", FROM, UNTIL).covers("t#abc#d=/", FROM)).isFalse();
    assertThat(new Mute("*#a.c#*", FROM, UNTIL).covers("t#a.c#d=/", FROM)).isTrue();
    assertThat(new Mute("t#a", FROM, UNTIL).covers("t#ab", FROM)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "disk_usage",
        "disk_usage@",
        "disk_usage@2026-02-19T22:00Z",
        "disk_usage@yesterday/2026-02-20T06:00Z",
        "disk_usage@2026-02-19T22:00/2026-02-20T06:00",
        "a@2026-02-20T06:00Z/2026-02-20T06:00Z",
        "@2026-02-19T06:00Z/2026-02-20T06:00Z",
        "a/b"
      })
  void anEntryOfAnotherFormIsRefusedWithTheForm(String text) {
    assertThatThrownBy(() -> Mute.list(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a list of SERIES@FROM/UNTIL, the earlier time first, such as ")
        .hasMessageEndingWith("; '" + text + "' is not a valid entry");
  }

  @Test
  void aMuteWithoutTimeOrSeriesIsRefused() {
    assertThatThrownBy(() -> new Mute("a", UNTIL, UNTIL))
        .hasMessageContaining("which is not after its start");
    assertThatThrownBy(() -> new Mute(" ", FROM, UNTIL)).hasMessageContaining("has no series");
  }
}
