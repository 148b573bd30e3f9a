package io.inframetrics.page;

import java.util.List;
import java.util.Locale;

/** Severities as the page writes them, in lower case. */
final class Severities {

  private static final List<String> WORST_LAST = List.of("info", "warning", "critical");

  private Severities() {}

  /** {@code critical}, {@code warning}, or {@code info} for all else. */
  static String word(String severity) {
    String word = severity.toLowerCase(Locale.ROOT);
    return WORST_LAST.contains(word) ? word : "info";
  }

  /** Greater than 0 if {@code one} is worse than {@code other}. */
  static int compare(String one, String other) {
    return WORST_LAST.indexOf(word(one)) - WORST_LAST.indexOf(word(other));
  }
}
