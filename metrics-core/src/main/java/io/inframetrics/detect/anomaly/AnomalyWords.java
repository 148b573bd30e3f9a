package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.Robust;
import io.inframetrics.detect.Words;
import io.inframetrics.detect.anomaly.AnomalyStream.Confidence;
import io.inframetrics.metric.MetricUnit;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is unusual about a point, in one line. */
final class AnomalyWords {

  private static final DateTimeFormatter WEEKDAY_AND_TIME =
      DateTimeFormatter.ofPattern("EEEE HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  /** From here on a value is told as a multiple of the usual one. */
  private static final double TELLING_RATIO = 1.5;

  /** Points that an incident may have begun before it alarms, and a current one. */
  private static final int ONSET = 4;

  private AnomalyWords() {}

  /**
   * The line.
   *
   * @param ofEpisode the last points that are no past to hold the value against
   * @param points of history
   * @param seconds of history
   */
  static String reason(
      Evidence evidence,
      MetricUnit unit,
      long epochSecond,
      double value,
      int ofEpisode,
      long points,
      long seconds,
      Confidence confidence) {
    String history = history(points, seconds);
    return what(evidence, unit, epochSecond, value, ofEpisode, history)
        + switch (confidence) {
          case LOW -> "; little history, " + history;
          case MEDIUM -> "; less than two weeks of history";
          case HIGH -> "";
        };
  }

  private static String what(
      Evidence evidence,
      MetricUnit unit,
      long epochSecond,
      double value,
      int ofEpisode,
      String history) {
    if (evidence.isStuck()) {
      return "stuck at %s for %s; never before for more than %s"
          .formatted(
              Words.value(value, unit),
              Words.count(evidence.stuck().points(), "point"),
              Words.count(evidence.stuck().mostPointsBefore(), "point"));
    }
    if (evidence.isDrift()) {
      return "%s%s, and the last day kept mostly %s it as hardly ever in %s"
          .formatted(
              Words.value(value, unit),
              against(evidence, unit, epochSecond, value, 1),
              evidence.drift().upwards() ? "above" : "below",
              history);
    }
    Feature rarest = evidence.rarest();
    int span = rarest == null ? 1 : rarest.span();
    double mean = span == 1 ? value : evidence.mean(0, span);
    String subject =
        span == 1
            ? Words.value(value, unit)
            : "the mean of the last %d points, %s,".formatted(span, Words.value(mean, unit));
    double nearest = evidence.nearest(value, Math.max(span + 1, ofEpisode + ONSET));
    String ending =
        Double.isNaN(nearest)
            ? ""
            : "; nearest in %s: %s".formatted(history, Words.value(nearest, unit));
    return switch (rarest == null ? Feature.Aspect.LEVEL : rarest.aspect()) {
      case LEVEL, SEASON -> subject + against(evidence, unit, epochSecond, mean, span) + ending;
      case JUMP -> jump(evidence, unit, rarest, subject, mean) + ending;
      case SWING ->
          "%s, and the last %d points %s in %s"
              .formatted(
                  Words.value(value, unit),
                  span,
                  rarest != null && rarest.upwards()
                      ? "swing more than almost ever"
                      : "move less than almost ever",
                  history);
      case SHAPE ->
          "%s, and the last %d points are like nothing in %s"
              .formatted(Words.value(value, unit), 2 * span, history);
    };
  }

  private static String jump(
      Evidence evidence, MetricUnit unit, @Nullable Feature rarest, String subject, double mean) {
    int span = rarest == null ? 1 : rarest.span();
    double before = evidence.mean(span, span);
    return "%s is %s %s %s before"
        .formatted(
            subject,
            Words.change(Math.abs(Robust.finite(mean - before)), unit),
            mean >= before ? "above the" : "below the",
            Words.value(before, unit));
  }

  private static String against(
      Evidence evidence, MetricUnit unit, long epochSecond, double mean, int span) {
    boolean seasonal = evidence.isSeasonal() && !Double.isNaN(evidence.usualNow());
    double usual = seasonal ? evidence.usualNow() : evidence.usualLately(span);
    if (Double.isNaN(usual)) {
      return " is unusual";
    }
    String when =
        seasonal ? " for a " + WEEKDAY_AND_TIME.format(Instant.ofEpochSecond(epochSecond)) : "";
    double ratio = mean / usual;
    if (usual > 0
        && Double.isFinite(ratio)
        && (ratio >= TELLING_RATIO || (ratio > 0 && ratio <= 1 / TELLING_RATIO))) {
      return " is %sx the usual %s%s".formatted(times(ratio), Words.value(usual, unit), when);
    }
    return " is %s %s the usual %s%s"
        .formatted(
            Words.change(Math.abs(Robust.finite(mean - usual)), unit),
            mean >= usual ? "above" : "below",
            Words.value(usual, unit),
            when);
  }

  private static String times(double ratio) {
    return ratio >= 10 || ratio < 0.1
        ? Words.number(Double.parseDouble(String.format(Locale.ROOT, "%.2g", ratio)))
        : String.format(Locale.ROOT, "%.1f", ratio);
  }

  private static String history(long points, long seconds) {
    Duration span = Duration.ofSeconds(seconds);
    return span.toDays() > 0 ? Words.duration(span) : Words.count(points, "point");
  }
}
