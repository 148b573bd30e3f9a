package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PastValuesTest {

  private static final int MOST = 1_000;

  private final PastValues past = new PastValues(MOST);

  @Test
  void keepsTheNewestFirstAndNoMoreThanThereIsRoomFor() {
    for (int i = 0; i < 2_500; i++) {
      past.add(i);
      assertThat(past.size()).isEqualTo(Math.min(i + 1, MOST));
      assertThat(past.byLag()[0]).isEqualTo(i);
      assertThat(past.byLag()[past.size() - 1]).isEqualTo(Math.max(0, i + 1 - MOST));
    }
  }

  @Test
  void answersNothingOfSpansThatAreLongerThanThePast() {
    add(1, 2, 4);

    assertThat(past.mean(0, 3)).isEqualTo(7 / 3.0);
    assertThat(past.mean(1, 2)).isEqualTo(1.5);
    assertThat(past.mean(1, 3)).isNaN();
    assertThat(past.swing(2)).isEqualTo(Math.sqrt((4 + 1) / 2.0));
    assertThat(past.swing(3)).isNaN();
    assertThat(past.median(1, 128, 1)).isEqualTo(1.5);
    assertThat(past.median(3, 128, 1)).isNaN();
    assertThat(past.median(0, 128, 2)).isEqualTo((3 + 1.5) / 2);
    assertThat(past.median(2, 128, 2)).isNaN();
  }

  @Test
  void findsTheNearestOfThoseThatAreOldEnough() {
    add(10, 20, 31, 29, 30);

    assertThat(past.nearest(30, 0, 1)).isEqualTo(30);
    assertThat(past.nearest(30, 1, 1)).isEqualTo(29);
    assertThat(past.nearest(30, 2, 1)).isEqualTo(31);
    assertThat(past.nearest(30, 5, 1)).isNaN();
    assertThat(past.nearest(29, 0, 2)).isEqualTo(29.5);
    assertThat(past.nearest(16, 0, 2)).isEqualTo(15);
    assertThat(past.nearest(16, 4, 2)).isNaN();
  }

  private void add(double... values) {
    for (double value : values) {
      past.add(value);
    }
  }
}
