package io.inframetrics.naming;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.ObjectKeys.RawFile;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The last part of every key: {@code metrics-{metric_type}-{epochSeconds}[-suffix].json}. */
final class RawFileName {

  private static final Pattern NAME =
      Pattern.compile("metrics-([a-z][a-z0-9_]{0,63})-(\\d{1,12})((?:-r?[0-9a-f]{8})*)\\.json");

  private RawFileName() {}

  static String format(MetricType type, CollectionRun run) {
    return "metrics-" + type.name() + "-" + run.observedAt().getEpochSecond() + RawFile.EXTENSION;
  }

  static Optional<RawFile> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches() || !MetricType.isValid(matcher.group(1))) {
      return Optional.empty();
    }
    return Optional.of(
        new RawFile(
            new MetricType(matcher.group(1)),
            Instant.ofEpochSecond(Long.parseLong(matcher.group(2)))));
  }

  static LocalDate utcDate(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneOffset.UTC);
  }
}
