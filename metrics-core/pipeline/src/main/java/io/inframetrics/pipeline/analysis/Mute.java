package io.inframetrics.pipeline.analysis;

import io.inframetrics.text.Texts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Series whose findings are not delivered for some time, such as during maintenance. They are still
 * analyzed, and the report lists them as muted.
 *
 * @param pattern of series ids; {@code *} stands for any characters
 * @param from first instant that is muted
 * @param until first instant that is no longer muted
 */
public record Mute(String pattern, Instant from, Instant until) {

  private static final String FORM =
      "a list of SERIES@FROM/UNTIL, the earlier time first, such as disk_usage#build-*@2026-02-19T22:00Z/2026-02-20T06:00Z";

  /** Characters of a text in a message. */
  private static final int MAX_SHOWN = 100;

  public Mute {
    if (pattern.isBlank()) {
      throw new IllegalArgumentException("a mute has no series: give one, or *");
    }
    if (!from.isBefore(until)) {
      throw new IllegalArgumentException(
          "the mute of '%s' ends at %s, which is not after its start %s"
              .formatted(Texts.oneLine(pattern, MAX_SHOWN), until, from));
    }
  }

  /**
   * The mutes in a list such as {@code
   * disk_usage#build-*@2026-02-19T22:00Z/2026-02-20T06:00Z;cpu_*@...}; none if it is blank.
   *
   * @throws IllegalArgumentException that says what to use, and which entry is not valid
   */
  public static List<Mute> list(String text) {
    List<Mute> mutes = new ArrayList<>();
    for (String entry : text.split(";", -1)) {
      if (!entry.isBlank()) {
        mutes.add(of(entry.strip()));
      }
    }
    return mutes;
  }

  private static Mute of(String entry) {
    int at = entry.lastIndexOf('@');
    int slash = entry.indexOf('/', Math.max(at, 0));
    if (at < 0 || slash < 0) {
      throw notValid(entry, null);
    }
    try {
      return new Mute(
          entry.substring(0, at).strip(),
          instant(entry.substring(at + 1, slash)),
          instant(entry.substring(slash + 1)));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw notValid(entry, e);
    }
  }

  private static Instant instant(String text) {
    return OffsetDateTime.parse(text.strip()).toInstant();
  }

  private static IllegalArgumentException notValid(String entry, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "%s; '%s' is not a valid entry".formatted(FORM, Texts.oneLine(entry, MAX_SHOWN)), cause);
  }

  /** Whether the findings of a series are muted at {@code time}. */
  public boolean covers(String seriesId, Instant time) {
    return !time.isBefore(from) && time.isBefore(until) && matches(seriesId);
  }

  private boolean matches(String seriesId) {
    String expression =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(expression, Pattern.DOTALL).matcher(seriesId).matches();
  }
}
