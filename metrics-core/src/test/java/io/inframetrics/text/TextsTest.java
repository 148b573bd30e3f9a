package io.inframetrics.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.InvalidRequestException;
import org.junit.jupiter.api.Test;

class TextsTest {

  /** Two characters, four bytes. */
  private static final String ROCKET = "\uD83D\uDE80";

  @Test
  void leavesATextThatFits() {
    assertThat(Texts.shorten("12345", 5)).isEqualTo("12345");
    assertThat(Texts.excerpt("12345", 5)).isEqualTo("12345");
    assertThat(Texts.head("12345", 5)).isEqualTo("12345");
    assertThat(Texts.shortenBytes("1ü23", 5)).isEqualTo("1ü23");
    assertThat(Texts.shortenBytes("1ü23", 5, " (cut)")).isEqualTo("1ü23");
  }

  @Test
  void cutsOneCharacterTooMany() {
    assertThat(Texts.shorten("123456", 5)).isEqualTo("12...");
    assertThat(Texts.excerpt("123456", 5)).isEqualTo("12345...");
    assertThat(Texts.head("123456", 5)).isEqualTo("12345");
    assertThat(Texts.shortenBytes("1ü234", 5)).isEqualTo("1...");
    assertThat(Texts.shortenBytes("1ü2345678", 9, " (cut)")).isEqualTo("1ü (cut)");
  }

  @Test
  void neverSplitsASurrogatePair() {
    String text = "1" + ROCKET.repeat(3);

    assertThat(Texts.shorten(text, 5)).isEqualTo("1...");
    assertThat(Texts.shorten(text, 6)).isEqualTo("1" + ROCKET + "...");
    assertThat(Texts.excerpt(text, 4)).isEqualTo("1" + ROCKET + "...");
    assertThat(Texts.head(text, 2)).isEqualTo("1");
    assertThat(Texts.head(text, 3)).isEqualTo("1" + ROCKET);
    for (int max = 3; max < 13; max++) {
      String cut = Texts.shortenBytes(text, max);
      assertThat(SeriesId.utf8Length(cut)).isBetween(max - 3, max);
      assertThat(cut).matches("1?(" + ROCKET + ")*\\.\\.\\.");
    }
  }

  @Test
  void leavesOnlyTheEndingWhereThereIsRoomForNoMore() {
    assertThat(Texts.shortenBytes("123456", 2, "(cut)")).isEqualTo("(cut)");
  }

  @Test
  void putsATextOnOneLine() {
    assertThat(Texts.oneLine("\ta\r\nb\u2028\u2029c\u0000\n")).isEqualTo("a b c");
    assertThat(Texts.oneLine("a\n\nbcdef", 5)).isEqualTo("a ...");
  }

  @Test
  void describesAFailureByItsMessageAndByItsClassWhereOneIsNeeded() {
    assertThat(Texts.describe(new InvalidRequestException("run_id is missing")))
        .isEqualTo("run_id is missing");
    assertThat(Texts.describe(new IllegalStateException("closed")))
        .isEqualTo("IllegalStateException: closed");
    assertThat(Texts.describe(new IllegalStateException()))
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(Texts.describe(new IllegalStateException("one\n two\u001b[31m red\u009b32m")))
        .isEqualTo("IllegalStateException: one  two [31m red 32m");
    assertThat(Texts.describe(new IllegalStateException("\n")))
        .isEqualTo("java.lang.IllegalStateException");
  }
}
