package io.inframetrics.detect;

import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.text.Texts;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One episode of one series that somebody should know about. Immutable.
 *
 * @param detector the name of what found it, such as {@code threshold}; with series and start it
 *     identifies the episode
 * @param start time of the first point
 * @param latest time of the last point so far
 * @param ongoing whether it reaches to the newest point of the history
 * @param becameUsual whether it is over only because what was unusual lasted and is normal now;
 *     never true while it is ongoing
 * @param value that the reason describes, in {@code unit}
 * @param excess how far beyond the limit, to rank findings of equal severity; 0 is barely
 * @param reason in words, without the name of the series; cut to {@value #MAX_REASON_LENGTH}
 *     characters so that answers stay small
 * @param forecast when the capacity is reached; null unless a forecast is what was found
 */
public record Finding(
    Series series,
    MetricUnit unit,
    String detector,
    Severity severity,
    Instant start,
    Instant latest,
    boolean ongoing,
    boolean becameUsual,
    double value,
    double excess,
    String reason,
    @Nullable Forecast forecast) {

  /**
   * The most characters of a reason, so that answers stay small. The longest seen has 177: half
   * would cut some, double none more.
   */
  public static final int MAX_REASON_LENGTH = 200;

  public Finding {
    if (!Double.isFinite(value) || !Double.isFinite(excess)) {
      throw new IllegalArgumentException(
          "value %s and excess %s of a finding of '%s' must be finite numbers"
              .formatted(value, excess, series.id()));
    }
    if (ongoing && becameUsual) {
      throw new IllegalArgumentException(
          "a finding of '%s' is ongoing and became usual: only one that is over can have become usual"
              .formatted(series.id()));
    }
    if (latest.isBefore(start)) {
      throw new IllegalArgumentException(
          "a finding of '%s' ends at %s, before its start %s: give its first and last point"
              .formatted(series.id(), latest, start));
    }
    reason = Texts.shorten(reason, MAX_REASON_LENGTH);
  }

  /** An episode that is ongoing, or over because the value returned. */
  public Finding(
      Series series,
      MetricUnit unit,
      String detector,
      Severity severity,
      Instant start,
      Instant latest,
      boolean ongoing,
      double value,
      double excess,
      String reason,
      @Nullable Forecast forecast) {
    this(
        series, unit, detector, severity, start, latest, ongoing, false, value, excess, reason,
        forecast);
  }

  /** The same episode, known to have begun at {@code first}. */
  public Finding startingAt(Instant first) {
    return with(first, latest.isBefore(first) ? first : latest, reason);
  }

  /** The same episode with another reason. */
  public Finding because(String words) {
    return with(start, latest, words);
  }

  private Finding with(Instant first, Instant last, String words) {
    return new Finding(
        series,
        unit,
        detector,
        severity,
        first,
        last,
        ongoing,
        becameUsual,
        value,
        excess,
        words,
        forecast);
  }
}
