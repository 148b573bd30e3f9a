package io.inframetrics.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubjectLineTest {

  @Test
  void makesASubjectOfPrintableCharacters() {
    assertThat(SubjectLine.of("größe\n1")).isEqualTo("gr??e?1");
    assertThat(SubjectLine.of("größe\n1", 6)).isEqualTo("gr?...");
  }

  @Test
  void aSubjectHasAtMostNinetyNineCharacters() {
    assertThat(SubjectLine.of("a".repeat(99))).isEqualTo("a".repeat(99));
    assertThat(SubjectLine.of("a".repeat(100))).isEqualTo("a".repeat(96) + "...");
  }
}
