package io.inframetrics.collect.synthetic;

import io.inframetrics.metric.MetricType;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Something that goes wrong in a {@link SyntheticFleet}, for {@code [start, start + duration)}.
 * Immutable.
 *
 * <p>As text, for settings: {@code kind instance type start duration [magnitude]}, several of them
 * separated by semicolons, for example {@code spike i-00003 cpu_utilization 2026-02-19T11:00:00Z
 * PT30M 40; gap all all 2026-02-20T00:00:00Z PT1H}.
 *
 * @param instanceId the instance, or {@value MetricType#ALL}
 * @param metricType the name of one of the four built-in types, or {@value MetricType#ALL}
 * @param start inclusive
 * @param duration positive
 * @param magnitude in the metric's own unit, see {@link Kind}; finite, and 0 for a gap
 */
public record Incident(
    Kind kind,
    String instanceId,
    String metricType,
    Instant start,
    Duration duration,
    double magnitude) {

  /** What happens to the values, which always stay within their physical bounds. */
  public enum Kind {
    /** Adds the magnitude throughout; a negative one is a dip. */
    SPIKE,
    /** Adds an amount that grows evenly from 0 to the magnitude; back to 0 at the end. */
    LEAK,
    /** Keeps values at the magnitude or above: 97 keeps a processor at 97 percent or more. */
    SATURATION,
    /** Leaves out the points. */
    GAP
  }

  public Incident {
    if (instanceId.isBlank()) {
      throw new IllegalArgumentException(
          "the instance of an incident is blank: name one, or '%s'".formatted(MetricType.ALL));
    }
    if (!metricType.equals(MetricType.ALL)
        && MetricType.builtIn().stream().noneMatch(type -> type.name().equals(metricType))) {
      throw new IllegalArgumentException(
          "'%s' is not a metric type of a synthetic fleet: use one of %s, or '%s'"
              .formatted(metricType, SyntheticFleet.builtInTypes(), MetricType.ALL));
    }
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          "the duration %s of an incident is not positive: use one such as PT30M"
              .formatted(duration));
    }
    if (!Double.isFinite(magnitude)) {
      throw new IllegalArgumentException(
          "the magnitude %s of an incident is not a finite number".formatted(magnitude));
    }
    if (kind == Kind.GAP && magnitude != 0) {
      throw new IllegalArgumentException(
          "a gap has no magnitude, but %s is given: leave it out".formatted(magnitude));
    }
  }

  /**
   * Reads the text form, in order; empty parts between semicolons are skipped.
   *
   * @throws IllegalArgumentException that names the first invalid incident, and the form
   */
  public static List<Incident> parseAll(String text) {
    List<Incident> incidents = new ArrayList<>();
    for (String part : text.split(";", -1)) {
      if (!part.isBlank()) {
        incidents.add(parse(part.trim()));
      }
    }
    return List.copyOf(incidents);
  }

  private static Incident parse(String text) {
    String[] words = text.split("\\s+", -1);
    if (words.length < 5 || words.length > 6) {
      throw unreadable(text, "it has " + words.length + " words");
    }
    try {
      Kind kind = kind(words[0]);
      if (words.length == 5 && kind != Kind.GAP) {
        throw unreadable(text, "the magnitude is missing");
      }
      return new Incident(
          kind,
          words[1],
          words[2],
          Instant.parse(words[3]),
          Duration.parse(words[4]),
          words.length == 6 ? Double.parseDouble(words[5]) : 0);
    } catch (DateTimeException e) {
      throw unreadable(text, "start or duration is not ISO-8601");
    } catch (NumberFormatException e) {
      throw unreadable(text, "the magnitude is not a number");
    }
  }

  private static Kind kind(String word) {
    return Arrays.stream(Kind.values())
        .filter(kind -> lowerCase(kind).equals(word))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is not a kind of incident: use one of %s"
                        .formatted(
                            word, Arrays.stream(Kind.values()).map(Incident::lowerCase).toList())));
  }

  private static IllegalArgumentException unreadable(String text, String reason) {
    return new IllegalArgumentException(
        "kind instance type start duration [magnitude], such as 'spike i-00003 cpu_utilization"
            + " 2026-02-19T11:00:00Z PT30M 40', separated by semicolons: in '%s' %s"
                .formatted(text, reason));
  }

  private static String lowerCase(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  boolean strikes(String instance, MetricType type, long epochSecond) {
    return (instanceId.equals(MetricType.ALL) || instanceId.equals(instance))
        && (metricType.equals(MetricType.ALL) || metricType.equals(type.name()))
        && !secondsIn(epochSecond).isNegative()
        && secondsIn(epochSecond).compareTo(duration) < 0;
  }

  /** The value during this incident. */
  double distort(double value, long epochSecond) {
    return switch (kind) {
      case SPIKE -> value + magnitude;
      case LEAK -> value + magnitude * seconds(secondsIn(epochSecond)) / seconds(duration);
      case SATURATION -> Math.max(value, magnitude);
      case GAP -> value;
    };
  }

  private Duration secondsIn(long epochSecond) {
    return Duration.between(start, Instant.ofEpochSecond(epochSecond));
  }

  private static double seconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() * 1e-9;
  }
}
