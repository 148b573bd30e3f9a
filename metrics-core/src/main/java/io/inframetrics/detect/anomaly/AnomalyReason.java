package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.ReadableText;
import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.metric.MetricUnit;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says in one line what is unusual about a point. */
final class AnomalyReason {

  private static final DateTimeFormatter WEEKDAY_AND_TIME =
      DateTimeFormatter.ofPattern("EEEE HH:mm", Locale.ENGLISH);

  /** From this ratio on, a value is given as a multiple of the usual one, else as a difference. */
  private static final double TELLING_RATIO = 1.5;

  /** Points that may belong to an incident before it alarms, the present one included. */
  private static final int ONSET = 4;

  /** From this ratio on, and below its inverse, a multiple has two significant digits. */
  private static final double ROUND_RATIO = 10;

  private static final double FULL = 100;

  private AnomalyReason() {}

  /** The reason; the value is not compared with the incident's last {@code ofEpisode} points. */
  static String of(JudgedPoint point, MetricUnit unit, int ofEpisode) {
    String history = history(point);
    return what(point, unit, ofEpisode, history)
        + switch (point.confidence()) {
          case LOW -> "; little history: " + history;
          case MEDIUM -> "; less than two weeks of history";
          case HIGH -> "";
        };
  }

  private static String what(JudgedPoint point, MetricUnit unit, int ofEpisode, String history) {
    Evidence evidence = point.evidence();
    double value = point.value();
    if (evidence.isStuck() && isLimit(value, unit)) {
      StuckRun run = evidence.stuck();
      return "%s %s for %s; never before for more than %s"
          .formatted(
              value == 0 ? "at its lower limit of" : "saturated at",
              ReadableText.value(value, unit),
              ReadableText.minutes(run.seconds(run.points())),
              ReadableText.minutes(run.seconds(run.mostPointsBefore())));
    }
    if (evidence.isStuck()) {
      return "stuck at %s for %s; never before for more than %s"
          .formatted(
              ReadableText.value(value, unit),
              ReadableText.count(evidence.stuck().points(), "point"),
              ReadableText.count(evidence.stuck().mostPointsBefore(), "point"));
    }
    if (evidence.isDrift()) {
      return "%s%s, and stayed mostly %s normal for a day, which is rare in %s of history"
          .formatted(
              ReadableText.value(value, unit),
              against(point, unit, value, 1),
              evidence.drift().upwards() ? "above" : "below",
              history);
    }
    Feature rarest = evidence.rarest();
    int span = rarest == null ? 1 : rarest.span();
    double mean = span == 1 ? value : evidence.mean(0, span);
    String subject =
        span == 1
            ? ReadableText.value(value, unit)
            : "the mean of the last %d points, %s,".formatted(span, ReadableText.value(mean, unit));
    double nearest = evidence.nearest(mean, Math.max(span + 1, ofEpisode + ONSET), span);
    String ending =
        Double.isNaN(nearest)
            ? ""
            : "; nearest in %s: %s".formatted(history, ReadableText.value(nearest, unit));
    return switch (rarest == null ? Feature.Aspect.LEVEL : rarest.aspect()) {
      case LEVEL, SEASON -> subject + against(point, unit, mean, span) + ending;
      case JUMP -> jump(evidence, unit, rarest, subject, mean) + ending;
      case SWING ->
          "%s, and the last %d points %s in %s"
              .formatted(
                  ReadableText.value(value, unit),
                  span,
                  rarest != null && rarest.upwards()
                      ? "vary more than at almost any time"
                      : "vary less than at almost any time",
                  history);
      case SHAPE ->
          "%s, and the last %d points match no earlier pattern in %s"
              .formatted(ReadableText.value(value, unit), 2 * span, history);
    };
  }

  /** Whether a value cannot go farther: where it stands still, nothing is broken. */
  private static boolean isLimit(double value, MetricUnit unit) {
    return value == 0 || (unit == MetricUnit.PERCENT && value == FULL);
  }

  private static String jump(
      Evidence evidence, MetricUnit unit, @Nullable Feature rarest, String subject, double mean) {
    int span = rarest == null ? 1 : rarest.span();
    double before = evidence.mean(span, span);
    return "%s is %s %s %s before"
        .formatted(
            subject,
            ReadableText.change(Math.abs(RobustStatistics.finite(mean - before)), unit),
            mean >= before ? "above the" : "below the",
            ReadableText.value(before, unit));
  }

  private static String against(JudgedPoint point, MetricUnit unit, double mean, int span) {
    Evidence evidence = point.evidence();
    boolean seasonal = evidence.saysUsual(mean, span);
    double usual = seasonal ? evidence.usualMean(span) : evidence.usualLately(span, span);
    if (Double.isNaN(usual)) {
      return " is unusual";
    }
    String when =
        seasonal
            ? " for a %s %s"
                .formatted(
                    WEEKDAY_AND_TIME.format(
                        Instant.ofEpochSecond(point.epochSecond()).atZone(point.zone())),
                    ReadableText.zone(point.zone()))
            : "";
    double ratio = mean / usual;
    if (usual > 0
        && Double.isFinite(ratio)
        && (ratio >= TELLING_RATIO || (ratio > 0 && ratio <= 1 / TELLING_RATIO))) {
      return " is %sx the usual %s%s"
          .formatted(times(ratio), ReadableText.value(usual, unit), when);
    }
    return " is %s %s the usual %s%s"
        .formatted(
            ReadableText.change(Math.abs(RobustStatistics.finite(mean - usual)), unit),
            mean >= usual ? "above" : "below",
            ReadableText.value(usual, unit),
            when);
  }

  private static String times(double ratio) {
    return ratio >= ROUND_RATIO || ratio < 1 / ROUND_RATIO
        ? ReadableText.number(Double.parseDouble(String.format(Locale.ROOT, "%.2g", ratio)))
        : String.format(Locale.ROOT, "%.1f", ratio);
  }

  private static String history(JudgedPoint point) {
    Duration span = Duration.ofSeconds(point.elapsed());
    return span.toDays() > 0
        ? ReadableText.duration(span)
        : ReadableText.count(point.points(), "point");
  }
}
