package io.inframetrics.detect.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.SeriesMaker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The budget of false alarms on clean seasonal series over 90 days, and what is found of incidents
 * put into them after six weeks. Prints what it measured.
 */
class IncidentStudyTest {

  private static final int DAYS = 90;
  private static final int THREE_HOURS = 10_800;
  private static final int FIVE_MINUTES = 300;
  private static final int MINUTE = 60;

  /** As many times the series, for figures that scatter less. */
  private static final int TIMES = Integer.getInteger("inframetrics.soak.times", 1);

  private enum Incident {
    /** Four standard deviations of the noise, for two points. */
    SPIKE,
    /** Reaches 95 within two to five days. */
    LEAK,
    /** One value for a day. */
    STUCK,
    /** For an hour, at least two points. */
    ZERO,
    /** Six standard deviations of the noise, up or down, for good. */
    SHIFT
  }

  @ParameterizedTest
  @ValueSource(ints = {THREE_HOURS, FIVE_MINUTES})
  void keepsToTheBudgetAndFindsIncidents(int step) {
    Outcome outcome = study(step, 7, step == THREE_HOURS ? 20 : 4);

    assertThat(outcome.falseAlarms()).as(outcome.text()).isLessThan(1);
    assertThat(outcome.found()).as(outcome.text()).isGreaterThanOrEqualTo(0.93);
  }

  @Test
  @Tag("soak")
  void keepsToTheBudgetOnFreshSeeds() {
    long seed = Long.getLong("inframetrics.soak.seed", new Random().nextLong());
    System.out.println("incident study: -Dinframetrics.soak.seed=" + seed);
    for (int step : new int[] {THREE_HOURS, FIVE_MINUTES, MINUTE}) {
      Outcome outcome = study(step, seed, TIMES * (step == MINUTE ? 6 : 12));
      System.out.println(outcome.text());
      // Means of 12 series scatter by 0.3 alarms around 0.7, and those of 6 by 0.5; of the found by
      // 3 % and more. One run in some thousands may be beyond these.
      assertThat(outcome.falseAlarms()).as(outcome.text()).isLessThan(step == MINUTE ? 3 : 2);
      assertThat(outcome.found()).as(outcome.text()).isGreaterThanOrEqualTo(0.8);
    }
  }

  @Test
  @Tag("soak")
  void alarmsSeldomOnNoiseWithoutASeason() {
    long seed = Long.getLong("inframetrics.soak.seed", new Random().nextLong());
    System.out.println("noise study: -Dinframetrics.soak.seed=" + seed);
    int rounds = 8;
    for (int step : new int[] {THREE_HOURS, FIVE_MINUTES}) {
      for (boolean heavy : new boolean[] {false, true}) {
        int alarms = 0;
        for (int round = 0; round < rounds; round++) {
          alarms += alarmsOnNoise(new Random(seed + round), step, heavy);
        }
        double mean = (double) alarms / rounds;
        System.out.printf(
            Locale.ROOT,
            "every %d s, %s tails: %.1f alarms in 90 days%n",
            step,
            heavy ? "heavy" : "normal",
            mean);
        assertThat(mean).isLessThan(heavy ? 32 : 12);
      }
    }
  }

  /** Student's t with three degrees of freedom has heavy tails. */
  private static int alarmsOnNoise(Random random, int step, boolean heavy) {
    AnomalyStream stream = new AnomalyStream();
    int alarms = 0;
    for (int i = 0; i < DAYS * (SeriesMaker.DAY / step); i++) {
      double value = random.nextGaussian();
      if (heavy) {
        double squares = 0;
        for (int k = 0; k < 3; k++) {
          squares += Math.pow(random.nextGaussian(), 2);
        }
        value /= Math.sqrt(squares / 3);
      }
      alarms += stream.next(SeriesMaker.MONDAY + (long) i * step, 50 + value).anomaly() ? 1 : 0;
    }
    return alarms;
  }

  private static Outcome study(int step, long seed, int rounds) {
    int alarms = 0;
    int found = 0;
    StringJoiner text = new StringJoiner(", ");
    for (int round = 0; round < rounds; round++) {
      alarms += count(new SeriesMaker(new Random(seed + round), step, DAYS).alarms());
    }
    for (Incident incident : Incident.values()) {
      List<Integer> delays = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        int delay = delay(incident, new Random(seed + 31L * round + 1), step);
        if (delay >= 0) {
          delays.add(delay);
        }
      }
      Collections.sort(delays);
      found += delays.size();
      text.add(
          "%s %d of %d, median delay %s points"
              .formatted(
                  incident.name().toLowerCase(Locale.ROOT),
                  delays.size(),
                  rounds,
                  delays.isEmpty() ? "-" : delays.get(delays.size() / 2)));
    }
    double share = (double) found / (rounds * Incident.values().length);
    double falseAlarms = (double) alarms / rounds;
    return new Outcome(
        falseAlarms,
        share,
        String.format(
            Locale.ROOT,
            "every %d s: %.2f false alarms a series in 90 days; found %.0f %%: %s",
            step,
            falseAlarms,
            100 * share,
            text));
  }

  /** Points from the start of the incident to the first alarm within it; negative if none. */
  private static int delay(Incident incident, Random random, int step) {
    SeriesMaker series = new SeriesMaker(random, step, DAYS);
    int day = series.points(24, 1);
    int from = 45 * day + random.nextInt(38 * day);
    int count =
        switch (incident) {
          case SPIKE -> {
            series.change(from, 2, value -> value + 4 * series.sigma);
            yield 3;
          }
          case LEAK -> {
            int points = (int) ((2 + 3 * random.nextDouble()) * day);
            series.leak(from, points, 95);
            yield points;
          }
          case STUCK -> {
            double stuck = series.values[from];
            series.change(from, day, value -> stuck);
            yield day;
          }
          case ZERO -> {
            int points = series.points(1, 2);
            series.change(from, points, value -> 0);
            yield points;
          }
          case SHIFT -> {
            double shift = (random.nextBoolean() ? 6 : -6) * series.sigma;
            series.change(from, series.values.length, value -> value + shift);
            yield 2 * day;
          }
        };
    boolean[] alarms = series.alarms(from + count);
    for (int i = from; i < alarms.length; i++) {
      if (alarms[i]) {
        return i - from;
      }
    }
    return -1;
  }

  private static int count(boolean[] alarms) {
    int count = 0;
    for (boolean alarm : alarms) {
      count += alarm ? 1 : 0;
    }
    return count;
  }

  private record Outcome(double falseAlarms, double found, String text) {}
}
