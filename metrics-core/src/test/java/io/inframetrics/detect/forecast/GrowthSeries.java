package io.inframetrics.detect.forecast;

import io.inframetrics.metric.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A made-up series that grows towards 100, and the second at which what it really is, without noise
 * and outliers, first gets there.
 *
 * @param points up to now
 * @param exhausted epoch second
 */
record GrowthSeries(List<Point> points, long exhausted) {

  static final double CAPACITY = 100;

  private static final long START = 1_769_904_000L;
  private static final double DAY = 86_400;

  /** What grows how. Those of the first half were looked at when the method was made. */
  enum Family {
    LINE(true),
    SEASON(true),
    WALK(true),
    CLEAN_UP(true),
    ROTATION(true),
    OUTLIERS(true),
    SLOWING(true),
    // Held out.
    EVERYTHING(false),
    WORKING_DAYS(false),
    QUICKENING(false),
    NEW_RATE(false),
    CORRELATED_NOISE(false),
    HEAVY_TAILS(false),
    BATCHES(false),
    ROUNDED(false);

    final boolean tuned;

    Family(boolean tuned) {
      this.tuned = tuned;
    }
  }

  /** A series; empty if it does not get there within twenty times its history. */
  static Optional<GrowthSeries> of(Family family, Duration step, int count, Random random) {
    double h = step.toSeconds();
    double span = count * h;
    boolean all = family == Family.EVERYTHING;
    double start = 10 + 40 * random.nextDouble();
    double ahead = span * (0.1 + 1.4 * random.nextDouble());
    double slope = (CAPACITY - start) / (span + ahead);
    double noise = 0.2 + 1.3 * random.nextDouble();
    double season = family == Family.SEASON || all ? 1 + 5 * random.nextDouble() : 0;
    double phase = random.nextDouble();
    double walk = family == Family.WALK ? slope * span * (0.02 + 0.15 * random.nextDouble()) : 0;
    double batch = family == Family.BATCHES ? span / (15 + random.nextInt(30)) : 0;
    double rotates = family == Family.ROTATION || all ? span / (4.5 + 8 * random.nextDouble()) : 0;
    double rotated = rotates * slope * (0.5 + random.nextDouble());
    slope += rotates > 0 ? rotated / rotates : 0;
    double cleanUp =
        family == Family.CLEAN_UP || all ? span * (0.15 + 0.8 * random.nextDouble()) : -1;
    double cleaned = (0.3 + 0.5 * random.nextDouble()) * (slope * Math.max(0, cleanUp));
    double bend = family == Family.SLOWING || family == Family.QUICKENING ? random.nextDouble() : 0;
    bend *= family == Family.SLOWING ? 0.5 : -0.5;
    double turn = span * (0.2 + 0.6 * random.nextDouble());
    double faster = family == Family.NEW_RATE ? 0.5 + 2 * random.nextDouble() : 1;
    double week = family == Family.WORKING_DAYS ? 7 * DAY * random.nextDouble() : 0;
    double before = Double.NaN;

    List<Point> points = new ArrayList<>();
    double walked = 0;
    double loaded = 0;
    double correlated = 0;
    double nextBatch = batch * -Math.log(1 - random.nextDouble());
    double tooth = rotates * random.nextDouble();
    double lost = 0;
    for (int i = 0; i < 21 * count; i++) {
      double t = i * h;
      walked += walk * Math.sqrt(h / span) * random.nextGaussian();
      while (batch > 0 && t > nextBatch) {
        loaded += slope * batch * (0.5 + random.nextDouble());
        nextBatch += batch * -Math.log(1 - random.nextDouble());
      }
      while (rotates > 0 && t > tooth) {
        lost += rotated;
        tooth += rotates * (0.95 + 0.1 * random.nextDouble());
      }
      double grown =
          switch (family) {
            case BATCHES -> loaded;
            case WORKING_DAYS -> slope * (workingTime(t + week) - workingTime(week)) * 7 / 5;
            case SLOWING, QUICKENING ->
                slope * span * (Math.pow(1 + t / span, 1 - bend) - 1) / (1 - bend);
            case NEW_RATE -> slope * (Math.min(t, turn) + faster * Math.max(0, t - turn));
            default -> slope * t;
          };
      double truth =
          start
              + grown
              + walked
              - lost
              - (cleanUp >= 0 && t >= cleanUp ? cleaned : 0)
              + season * Math.sin(2 * Math.PI * (t / DAY + phase));
      if (i >= count && truth >= CAPACITY) {
        // Somewhere between this step and the one before it.
        double share = truth > before ? (truth - CAPACITY) / (truth - before) : 0;
        return Optional.of(new GrowthSeries(points, START + (long) (t - h * Math.min(1, share))));
      }
      if (i < count && truth >= CAPACITY) {
        return Optional.empty();
      }
      before = truth;
      if (i < count) {
        double error = noise * random.nextGaussian();
        if (family == Family.CORRELATED_NOISE) {
          double keep = Math.exp(-h / (2 * 3_600));
          correlated = keep * correlated + Math.sqrt(1 - keep * keep) * error;
          error = correlated;
        } else if (family == Family.HEAVY_TAILS) {
          double chi = 0;
          for (int k = 0; k < 2; k++) {
            double z = random.nextGaussian();
            chi += z * z / 2;
          }
          error = 0.5 * error / Math.sqrt(chi);
        }
        if ((family == Family.OUTLIERS || all) && random.nextInt(40) == 0) {
          error += random.nextBoolean() ? 20 : -20;
        }
        double value = truth + error;
        points.add(
            new Point(START + (long) t, family == Family.ROUNDED ? Math.rint(value) : value));
      }
    }
    return Optional.empty();
  }

  /** Five days of seven, from a time of the week on that is no midnight. */
  private static double workingTime(double t) {
    double weeks = Math.floor(t / (7 * DAY));
    return weeks * 5 * DAY + Math.min(t - weeks * 7 * DAY, 5 * DAY);
  }
}
