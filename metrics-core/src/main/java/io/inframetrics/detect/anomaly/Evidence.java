package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.anomaly.Feature.Aspect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How unusual a point is: how rare each of sixteen features is, added up (combining tests by the
 * sum of the logarithms of their probabilities, Fisher 1925).
 *
 * <p>An incident shows in several features at once, noise in one. So no single feature is enough,
 * with three exceptions: a series that follows its profile closely and leaves it for two points, or
 * keeps to one side of it for a day, and a value that repeats longer than it ever did.
 *
 * <p>The essay beside this package explains the figures and has the baseline: "NAB" is the standard
 * score of the Numenta benchmark, "false alarms" and "found" are {@code IncidentStudyTest}'s.
 */
final class Evidence {

  /**
   * Evidence of this much or more is an alarm; the unit is {@link #DIGITS_A_UNIT}. Tuned. Half: NAB
   * 53.7, 6.3 false alarms. Double: NAB 28.2, 19 of 60 windows.
   */
  static final double ALARM = 1.7;

  /** Points of the means that are compared; each about four times the one before. */
  private static final int[] SPANS = {1, 3, 12, 48};

  /** Points from which a mean moves as slowly as the time of day does. */
  private static final int SLOW_SPAN = 12;

  /** Points over which steps are compared: the longer means. */
  private static final int[] SWING_SPANS = {12, 48};

  /** Points of a stretch whose shape is compared: half of those. */
  private static final int[] SHAPE_SPANS = {6, 24};

  /** Points kept: two weeks of five minutes and the present one. Double takes twice the time. */
  private static final int PAST_POINTS = 4_033;

  /** Points whose median is what is usual lately, in reasons only: half a day of five minutes. */
  private static final int LATELY = 128;

  /**
   * Digits that one feature counts at most, one in some three hundred: it takes several to alarm.
   * Tuned. Half: NAB 35.4, 24 of 60 windows. Double: NAB 72.3, 92 false alarms.
   */
  private static final double MOST_DIGITS = 2.5;

  /**
   * Digits of all features together that are one unit of evidence, so that 10 alarm. Half, double:
   * as {@link #ALARM} at half, at double.
   */
  private static final double DIGITS_A_UNIT = 6;

  /**
   * Share of the variance that the profile explains in a seasonal series. Tuned. Half: NAB 70.0, 49
   * windows. Above 1 (none is seasonal): 2.0 false alarms, 17 instead of 51 of 60 spikes found.
   */
  private static final double WELL_EXPLAINED = 0.6;

  /**
   * Weight of the features in a seasonal series, where they mostly repeat one another. Tuned. Half:
   * NAB 72.0, 95.7 % found. Double: NAB 72.9 with 96 false alarms, 6.3 on the study's series.
   */
  private static final double SEASONAL_WEIGHT = 0.52;

  /**
   * Seconds in which an ordinary series has one short spike, and one drift, that alarms by itself:
   * 90 days, so that neither costs more than one false alarm in that time. Half as long asks for
   * 0.3 digits less of some 5.
   */
  private static final double BUDGET_SECONDS = 90.0 * AnomalyStream.DAY;

  /**
   * The fewest points that the budget covers: an event is rare only if it happens less often than
   * once in a hundred points. Applies to series with about one point a day.
   */
  private static final double FEWEST_LOOKS = 100;

  /** Digits of a repeating value that alarm: one in a billion, as series repeat often. */
  private static final double STUCK_DIGITS = 9;

  /** Usual deviations from the median at which a value, a mean or a swing is plainly unusual. */
  private static final double PLAIN = 4.5;

  /** The most earlier points that give this median and these deviations. */
  private static final int LOOKED_AT = 1_024;

  /** Share of the range of the last values below which a difference counts as none. */
  private static final double RESOLUTION = 1e-5;

  /** Last binary digits of a value below which a difference is rounding. */
  private static final double ROUNDING = 4;

  /** Values to which others are cut, so that squares and their sums stay finite. */
  private static final double LARGEST = 1e150;

  /**
   * Binary exponent from which a series is scaled, as 2^400, or 1e120, has squares, but no sums.
   */
  private static final int PLAIN_EXPONENT = 400;

  private final Feature[] levels = features(Aspect.LEVEL, SPANS);
  private final Feature[] jumps = features(Aspect.JUMP, SPANS);
  private final Feature[] swings = features(Aspect.SWING, SWING_SPANS);
  private final Feature[] shapes = features(Aspect.SHAPE, SHAPE_SPANS);
  private final Feature[] seasons = features(Aspect.SEASON, SPANS);
  private final double[] means = new double[SPANS.length];
  private final ShortSpike spike = new ShortSpike();
  private final Drift drift = new Drift();
  private final PastValues past = new PastValues(PAST_POINTS);
  private final RecentRange range = new RecentRange();
  private final PastValues residuals = new PastValues(SPANS[SPANS.length - 1]);
  private final NearestWindows windows = new NearestWindows(SHAPE_SPANS[0], SHAPE_SPANS[1]);
  private final SeasonalProfile profile = new SeasonalProfile();
  private final StuckRun stuck = new StuckRun();
  private double origin = Double.NaN;

  /** Values are kept divided by two to the power of this; 0 in all series but absurd ones. */
  private int scale;

  private boolean scaled;
  private int zeros;
  private double total;
  private double spikeTotal;
  private double driftTotal;
  private double stuckTotal;

  private static Feature[] features(Aspect aspect, int[] spans) {
    Feature[] features = new Feature[spans.length];
    for (int i = 0; i < spans.length; i++) {
      features[i] = new Feature(aspect, spans[i]);
    }
    return features;
  }

  /**
   * Judges a point and learns it; returns its evidence, 0 or more.
   *
   * @param value finite
   * @param elapsed seconds of history, never less than before
   * @param spacing mean seconds from point to point so far, positive
   * @param age seconds since the series began, at least those of history
   */
  double next(long epochSecond, double value, long elapsed, double spacing, long age) {
    if (Double.isNaN(origin)) {
      origin = value;
    }
    if (!scaled) {
      learnScale(value);
    }
    // Differences from the first value: a constant that is added to all changes nothing.
    double x = kept(value - origin);
    past.add(x);
    range.add(x);
    double resolution =
        Math.max(
            RESOLUTION * range.width(),
            ROUNDING * Math.ulp(kept(Math.max(Math.abs(value), Math.abs(origin)))));
    double residual = profile.next(epochSecond, x, elapsed, spacing, resolution);
    if (!Double.isNaN(residual)) {
      residuals.add(residual);
    }
    ColdStart coldStart = new ColdStart(elapsed);
    // A profile, and how far values are from it, is as good after two weeks as later.
    ColdStart ofAge = new ColdStart(age);
    double digits = digits(residual, resolution, coldStart.knowsADay());
    double cold = coldStart.factor();
    total = digits / DIGITS_A_UNIT * (isSeasonal() ? SEASONAL_WEIGHT : 1) / cold;
    double difference = profile.difference();
    spikeTotal =
        ofProfile(
            spike.next(difference, RESOLUTION), ShortSpike.LOOKS * BUDGET_SECONDS / spacing, ofAge);
    driftTotal =
        ofProfile(
            drift.next(elapsed, difference, spacing, RESOLUTION),
            BUDGET_SECONDS / Math.max(spacing, Drift.LOOK_SECONDS),
            ofAge);
    stuckTotal = ALARM * stuck.next(value, elapsed) / STUCK_DIGITS / cold;
    return Math.max(total, Math.max(spikeTotal, Math.max(driftTotal, stuckTotal)));
  }

  /** Takes the size of the first value that is not zero, unless zero is usual. */
  private void learnScale(double value) {
    int exponent = Math.getExponent(value);
    scale = value != 0 && Math.abs(exponent) > PLAIN_EXPONENT ? exponent : 0;
    zeros += value == 0 ? 1 : 0;
    scaled = value != 0 || zeros == TailProbability.MIN_POINTS;
  }

  /** A difference as it is kept: of a size whose square is neither infinite nor zero. */
  private double kept(double difference) {
    double finite = RobustStatistics.finite(difference);
    double sized = scale == 0 ? finite : Math.scalb(finite, -scale);
    return Math.max(-LARGEST, Math.min(LARGEST, sized));
  }

  private double inUnits(double kept) {
    return scale == 0 ? kept : Math.scalb(kept, scale);
  }

  /** Evidence of a difference from the profile, where one in {@code looks} may alarm. */
  private double ofProfile(double digits, double looks, ColdStart coldStart) {
    return digits > 0 && isSeasonal()
        ? ALARM * digits / (Math.log10(Math.max(FEWEST_LOOKS, looks)) * coldStart.profileFactor())
        : 0;
  }

  /** Judges and learns each feature's quantity at this point; returns the digits that count. */
  private double digits(double residual, double resolution, boolean knowsADay) {
    double digits = 0;
    for (int i = 0; i < SPANS.length; i++) {
      means[i] = past.mean(0, SPANS[i]);
      double level = counted(levels[i].next(means[i], resolution));
      digits += SPANS[i] < SLOW_SPAN || knowsADay ? level : 0;
    }
    for (int i = 0; i < SPANS.length; i++) {
      double jump = means[i] - past.mean(SPANS[i], SPANS[i]);
      digits += counted(jumps[i].next(jump, resolution));
    }
    for (Feature swing : swings) {
      digits += counted(swing.next(past.swing(swing.span()), resolution));
    }
    windows.next(past);
    digits += counted(shapes[0].next(windows.shortDistance(), resolution));
    digits += counted(shapes[1].next(windows.longDistance(), resolution));
    // Without a season, the difference from it is the value once more.
    boolean seasonal = isSeasonal();
    boolean known = !Double.isNaN(residual);
    for (Feature season : seasons) {
      double mean = known ? residuals.mean(0, season.span()) : Double.NaN;
      double of = counted(season.next(mean, resolution));
      digits += seasonal ? of : 0;
    }
    return digits;
  }

  private static double counted(double digits) {
    return Math.min(MOST_DIGITS, digits);
  }

  /** Whether a value that repeats is most of the evidence. */
  boolean isStuck() {
    return stuckTotal >= Math.max(total, Math.max(spikeTotal, driftTotal));
  }

  /** Whether keeping to one side of the profile is most of it. */
  boolean isDrift() {
    return driftTotal > Math.max(total, spikeTotal);
  }

  /** The rarest feature at the last point, the plainest of equal ones; null if none is rare. */
  @Nullable Feature rarest() {
    Feature rarest = levels[0];
    for (Feature[] features : List.of(levels, jumps, swings, shapes, seasons)) {
      for (Feature feature : features) {
        rarest = rarer(feature, rarest);
      }
    }
    rarest = spikeTotal > total ? rarer(spike.rarest(), rarest) : rarest;
    return rarest.digits() > 0 ? rarest : null;
  }

  /** Points that {@link #rarest} is made of; 1 if none is rare. */
  int rarestSpan() {
    Feature rarest = rarest();
    return rarest == null ? 1 : rarest.span();
  }

  /** Whether the rarest feature is a difference from the points before. */
  boolean isOfJump() {
    Feature rarest = rarest();
    return rarest != null && rarest.aspect() == Aspect.JUMP;
  }

  /** Whether the rarest feature is unusually high. */
  boolean isUpwards() {
    Feature rarest = rarest();
    return rarest != null && rarest.upwards();
  }

  /** Whether most of the evidence is where the values are, not how they move. */
  boolean isOfLevel() {
    Feature rarest = rarest();
    return rarest != null
        && !isStuck()
        && !isDrift()
        && switch (rarest.aspect()) {
          case LEVEL, JUMP, SEASON -> true;
          case SWING, SHAPE -> false;
        };
  }

  private static Feature rarer(Feature feature, Feature than) {
    return counted(feature.digits()) > counted(than.digits()) ? feature : than;
  }

  StuckRun stuck() {
    return stuck;
  }

  Drift drift() {
    return drift;
  }

  /**
   * Whether an operator would see it: without a season, noise has many features that are rare by
   * chance, and a value, a mean or a swing that is far from all that is usual only seldom.
   */
  boolean isPlain() {
    boolean plain = isSeasonal() || isStuck();
    for (int i = 0; i < SPANS.length && !plain; i++) {
      plain = Math.abs(past.standardMean(SPANS[i], LOOKED_AT)) >= PLAIN;
    }
    for (int i = 0; i < SWING_SPANS.length && !plain; i++) {
      plain = Math.abs(past.standardSwing(SWING_SPANS[i], LOOKED_AT)) >= PLAIN;
    }
    return plain;
  }

  /** Whether the time of the day or of the week says much about the value. */
  boolean isSeasonal() {
    return profile.explained() >= WELL_EXPLAINED;
  }

  /** Whether the series is seasonal and the profile knows this time. */
  boolean knowsSeason() {
    return isSeasonal() && !Double.isNaN(usualNow());
  }

  /** What is usual at the time of the last point; NaN if that time was not seen before. */
  double usualNow() {
    return inUnits(profile.usual()) + origin;
  }

  /**
   * How far from what is usual a value is at most while it is usual, too: from {@link #usualNow}
   * where {@link #knowsSeason}, else from {@link #usualLately}. NaN while there are few points.
   */
  double usualDifference() {
    double deviation = knowsSeason() ? profile.usualDifference() : past.deviation(LATELY);
    return past.size() <= TailProbability.MIN_POINTS ? Double.NaN : PLAIN * inUnits(deviation);
  }

  /** The level that {@link #usualNow} is relative to: it follows the series within a day. */
  double level() {
    return inUnits(profile.level()) + origin;
  }

  /** The mean of what was usual at the times of the last {@code span} points; NaN if unknown. */
  double usualMean(int span) {
    return span == 1 ? usualNow() : mean(0, span) - inUnits(residuals.mean(0, span));
  }

  /**
   * Whether {@link #usualMean} is one value beside the difference from it: where the season jumps,
   * the time between two levels has no usual value.
   */
  boolean saysUsual(double mean, int span) {
    return knowsSeason() && !(inUnits(profile.edge()) > Math.abs(mean - usualMean(span)));
  }

  /** The median of the points before the last {@code skipped}. */
  double usualLately(int skipped) {
    return usualLately(skipped, 1);
  }

  /** The median of the means of {@code span} points before the last {@code skipped}. */
  double usualLately(int skipped, int span) {
    return inUnits(past.median(skipped, LATELY, span)) + origin;
  }

  /** Whether the last points span at least {@code least}. */
  boolean spans(double least) {
    return range.width() >= kept(least);
  }

  /**
   * The past mean of {@code span} points that is closest to {@code value}, not counting the last
   * few points; NaN if none.
   */
  double nearest(double value, int skipped, int span) {
    return inUnits(past.nearest(kept(value - origin), skipped, span)) + origin;
  }

  /** The mean of the last {@code span} points, {@code ago} points ago; NaN if there are too few. */
  double mean(int ago, int span) {
    return inUnits(past.mean(ago, span)) + origin;
  }
}
