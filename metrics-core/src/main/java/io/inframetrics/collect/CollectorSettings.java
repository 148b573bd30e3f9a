package io.inframetrics.collect;

import io.inframetrics.text.SimilarName;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The settings of one source and the clock it may use. Names are lower-case with underscores: the
 * variable {@code INFRAMETRICS_COLLECTOR_QUEUES_URL} is the setting {@code url} of the source
 * {@code queues}. Not thread-safe; used only at start-up.
 */
public final class CollectorSettings {

  public static final String PREFIX = "INFRAMETRICS_COLLECTOR_";

  private final String owner;
  private final String prefix;
  private final Map<String, String> values;
  private final Clock clock;
  private final TreeSet<String> unread;
  private final TreeMap<String, Known> known = new TreeMap<>();

  /**
   * Settings of one source.
   *
   * @param source the factory's name
   * @param values by lower-case name; copied
   */
  public CollectorSettings(String source, Map<String, String> values, Clock clock) {
    this("source '%s'".formatted(source), PREFIX + upper(source) + "_", values, clock);
  }

  /**
   * Settings of anything else that is read and checked in the same way.
   *
   * @param owner for messages, such as {@code source 'queues'}
   * @param prefix of the variables, such as {@code INFRAMETRICS_}
   * @param values by lower-case name without the prefix; copied
   */
  public CollectorSettings(String owner, String prefix, Map<String, String> values, Clock clock) {
    this.owner = owner;
    this.prefix = prefix;
    this.values = new TreeMap<>(values);
    this.clock = clock;
    this.unread = new TreeSet<>(values.keySet());
  }

  public Clock clock() {
    return clock;
  }

  /**
   * A setting that was read.
   *
   * @param variable its name in the environment
   * @param form what it takes, such as {@code a whole number from 1 to 100}
   * @param otherwise what counts if it is not set; empty if nothing does
   * @param isSet whether it is set; values are not shown, since they may be secret
   * @hidden
   */
  public record Known(String variable, String form, String otherwise, boolean isSet) {}

  /**
   * Every setting that has been read so far, sorted by name.
   *
   * @hidden
   */
  public List<Known> known() {
    return List.copyOf(known.values());
  }

  /** The setting, if it is set and not blank. */
  public Optional<String> text(String name) {
    return read(name, "text", "");
  }

  private Optional<String> read(String name, String form, String otherwise) {
    unread.remove(name);
    Optional<String> text =
        Optional.ofNullable(values.get(name)).map(String::trim).filter(set -> !set.isEmpty());
    Known before = known.get(name);
    if (before == null || (before.form().equals("text") && before.otherwise().isEmpty())) {
      known.put(name, new Known(variable(name), form, otherwise, text.isPresent()));
    }
    return text;
  }

  /** The setting, or {@code otherwise} if it is missing or blank. */
  public String text(String name, String otherwise) {
    return read(name, "text", otherwise).orElse(otherwise);
  }

  /** A whole number from {@code min} to {@code max}, or {@code otherwise}. */
  public long number(String name, long otherwise, long min, long max) {
    String form = "a whole number from " + min + " to " + max;
    Optional<String> text = read(name, form, String.valueOf(otherwise));
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number out of range.
    }
    throw refused(name, text.get(), form);
  }

  /** A positive duration such as {@code PT5M}, or {@code otherwise}. */
  public Duration duration(String name, Duration otherwise) {
    String form = "a positive ISO-8601 duration such as PT5M";
    Optional<String> text = read(name, form, otherwise.isZero() ? "" : otherwise.toString());
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      Duration duration = Duration.parse(text.get());
      if (!duration.isNegative() && !duration.isZero()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Reported below, like a duration out of range.
    }
    throw refused(name, text.get(), form);
  }

  /** The exception to throw for an invalid setting. */
  public IllegalArgumentException refused(String name, String value, String wanted) {
    return new IllegalArgumentException(
        "%s is '%s': use %s".formatted(variable(name), value, wanted));
  }

  /**
   * Rejects settings that nobody has read, which are most often misspelt.
   *
   * @throws IllegalArgumentException that names them, and the settings that were probably meant
   */
  void requireAllRead() {
    if (!unread.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no setting %s: remove or correct it%s"
              .formatted(
                  owner,
                  String.join(", ", unread.stream().map(this::variable).toList()),
                  probablyMeant()));
    }
  }

  /** Empty if no unread setting is similar to a known one. */
  private String probablyMeant() {
    String names =
        unread.stream()
            .flatMap(name -> SimilarName.of(name, known.keySet()).stream())
            .distinct()
            .map(this::variable)
            .collect(Collectors.joining(" and "));
    return names.isEmpty() ? "" : " (did you mean %s?)".formatted(names);
  }

  private String variable(String name) {
    return prefix + upper(name);
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}
