package io.inframetrics.detect.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.detect.Histories;
import java.time.Duration;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What a forecast is made of: blocks, jumps, the time of day, chances. */
class GrowthPartsTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

  @Test
  void aBlockIsAPointWhereThereAreFew() {
    Blocks blocks = blocks(Duration.ofHours(3), 240, i -> i);

    assertThat(blocks.size()).isEqualTo(240);
    assertThat(blocks.width()).isEqualTo(10_800);
    assertThat(blocks.value(0)).isEqualTo(0);
    assertThat(blocks.time(239)).isEqualTo(0);
    assertThat(blocks.time(0)).isEqualTo(-239);
    assertThat(blocks.slotsPerDay()).isEqualTo(8);
    assertThat(blocks.slot(9)).isEqualTo(1);
  }

  @Test
  void aBlockIsTheMedianOfManyPoints() {
    Blocks blocks = blocks(FIVE_MINUTES, 4_032, i -> i / 12);

    assertThat(blocks.size()).isEqualTo(336);
    assertThat(blocks.width()).isEqualTo(3_600);
    assertThat(blocks.value(7)).isCloseTo(0.07, within(1e-12));
    assertThat(blocks.size()).isLessThanOrEqualTo(Blocks.MAX_BLOCKS);
  }

  @Test
  void neverMakesMoreBlocksThanItsLimit() {
    assertThat(blocks(HOUR, Blocks.MAX_BLOCKS, i -> i).size()).isEqualTo(Blocks.MAX_BLOCKS);
    assertThat(blocks(HOUR, Blocks.MAX_BLOCKS + 1, i -> i).size())
        .isEqualTo(Blocks.MAX_BLOCKS / 2 + 1);
    assertThat(blocks(Duration.ofDays(1), 10_000, i -> i).size())
        .isLessThanOrEqualTo(Blocks.MAX_BLOCKS);
  }

  @Test
  void leavesOutOutliersAndKeepsSteps() {
    Random random = new Random(1);
    double[] noise = random.doubles(100).toArray();

    assertThat(blocks(HOUR, 100, i -> (i == 50 || i == 51 ? 90 : 20) + noise[i]).size())
        .isEqualTo(98);
    assertThat(blocks(HOUR, 100, i -> (i >= 50 ? 90 : 20) + noise[i]).size()).isEqualTo(100);
  }

  @Test
  void findsACleanUpAndItsPlace() {
    Jumps jumps = Jumps.of(blocks(HOUR, 100, i -> 20 + 0.5 * i - (i >= 70 ? 30 : 0)));

    assertThat(jumps.cleanups()).isEqualTo(1);
    assertThat(jumps.recurring()).isEqualTo(Jumps.Recurring.NONE);
    for (int i = 0; i < 100; i++) {
      assertThat(jumps.starts()[i]).isEqualTo(i == 70);
    }
  }

  @Test
  void findsDropsThatRecurAndWhenTheNextIsDue() {
    Blocks blocks = blocks(HOUR, 100, i -> 20 + 0.5 * i - 5 * (i / 20));
    Jumps jumps = Jumps.of(blocks);

    assertThat(jumps.cleanups()).isZero();
    assertThat(jumps.recurring().interval()).isCloseTo(20, within(1e-9));
    assertThat(jumps.recurring().drop()).isCloseTo(0.05, within(1e-9));
    assertThat(jumps.recurring().rate()).isCloseTo(0.0025, within(1e-9));
    // The last one at 80, now it is 99.
    assertThat(jumps.recurring().untilNext()).isCloseTo(1, within(1e-9));
    assertThat(jumps.recurring().within(0.5)).isZero();
    assertThat(jumps.recurring().within(1)).isEqualTo(1);
    assertThat(jumps.recurring().within(21)).isEqualTo(2);
  }

  @Test
  void takesASingleRiseAsAOneOffAndSeveralAsGrowth() {
    Jumps one = Jumps.of(blocks(HOUR, 100, i -> 20 + (i >= 50 ? 10 : 0)));
    Jumps three = Jumps.of(blocks(HOUR, 100, i -> 20 + 10 * (i / 25)));

    assertThat(one.starts()[50]).isTrue();
    assertThat(one.cleanups()).isZero();
    assertThat(three.starts()).doesNotContain(true);
  }

  @Test
  void doesNotCallSmallDropsJumps() {
    // A quarter of a percent of the capacity.
    Jumps jumps = Jumps.of(blocks(HOUR, 100, i -> 20 - (i >= 50 ? 0.25 : 0)));

    assertThat(jumps.cleanups()).isZero();
  }

  @Test
  void knowsWhatTheTimeOfDayAdds() {
    Blocks blocks = blocks(HOUR, 240, i -> 50 + 0.1 * i + 5 * Math.sin(2 * Math.PI * i / 24));
    DailyProfile season = DailyProfile.of(blocks, new boolean[blocks.size()]);

    assertThat(season.at(6)).isCloseTo(0.05, within(1e-4));
    assertThat(season.at(18)).isCloseTo(-0.05, within(1e-4));
    assertThat(season.at(6.5)).isBetween(season.at(7), season.at(6));
    // The newest point is at 23:00, so seven hours later it is 06:00.
    assertThat(blocks.slotAfter(7)).isCloseTo(6, within(1e-9));
  }

  @Test
  void knowsNoTimeOfDayBeforeThreeDays() {
    IntToDoubleFunction daily = i -> 50 + 5 * Math.sin(2 * Math.PI * i / 24);
    Blocks two = blocks(HOUR, 72, daily);
    Blocks three = blocks(HOUR, 73, daily);

    assertThat(DailyProfile.of(two, new boolean[72]).at(6)).isZero();
    assertThat(DailyProfile.of(three, new boolean[73]).at(6)).isNotZero();
  }

  @Test
  void shrinksWhatNoiseAloneWouldMake() {
    Random random = new Random(4);
    Blocks blocks = blocks(HOUR, 240, i -> 50 + random.nextGaussian());
    DailyProfile season = DailyProfile.of(blocks, new boolean[blocks.size()]);

    for (int slot = 0; slot < 24; slot++) {
      assertThat(Math.abs(season.at(slot))).isLessThan(0.005);
    }
  }

  @Test
  void knowsItsDistributions() {
    assertThat(Distributions.normal(0)).isCloseTo(0.5, within(1e-6));
    assertThat(Distributions.normal(1.959964)).isCloseTo(0.975, within(1e-6));
    assertThat(Distributions.normal(-1.281552)).isCloseTo(0.1, within(1e-6));
    assertThat(Distributions.normal(Double.MAX_VALUE)).isEqualTo(1);
    // Quantiles of tables.
    assertThat(Distributions.student(1.637744, 3)).isCloseTo(0.9, within(0.01));
    assertThat(Distributions.student(-1.372184, 10)).isCloseTo(0.1, within(1e-3));
    assertThat(Distributions.student(2.228139, 10)).isCloseTo(0.975, within(1e-3));
    assertThat(Distributions.student(-Double.MAX_VALUE, 5)).isZero();
  }

  private static Blocks blocks(Duration step, int count, IntToDoubleFunction value) {
    return Blocks.of(Histories.disk(step, count, value).points(), 100);
  }
}
