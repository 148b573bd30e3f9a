package io.inframetrics.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarNameTest {

  private static final List<String> NAMES = List.of("bucket", "table", "period", "url");

  @ParameterizedTest
  @CsvSource({"buket,bucket", "bukcet,bucket", "tabel,table", "peroids,period", "table,table"})
  void findsTheNameWithFewMistakes(String given, String meant) {
    assertThat(SimilarName.of(given, NAMES)).contains(meant);
  }

  @Test
  void doesNotGuessWhereTooMuchIsWrong() {
    assertThat(SimilarName.of("usr", NAMES)).isEmpty();
    assertThat(SimilarName.of("", NAMES)).isEmpty();
    assertThat(SimilarName.of("cable_car", NAMES)).isEmpty();
    assertThat(SimilarName.of("bucket", List.of())).isEmpty();
  }
}
