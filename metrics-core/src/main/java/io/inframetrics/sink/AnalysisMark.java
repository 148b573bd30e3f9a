package io.inframetrics.sink;

import java.time.Instant;
import java.util.Comparator;

/**
 * What a run of an analysis leaves for the next one: a finding that it reported, or how far it
 * analyzed a series. Immutable.
 *
 * <p>A ledger or a report stores three fields, {@link #seriesId}, {@link #storedDetector} and
 * {@link #at}, and {@link #stored} turns them back into a mark, so one column or property named
 * {@code detector} is enough for all kinds.
 *
 * @param detector that found the finding; empty if the kind is {@link Kind#ANALYZED_UNTIL}
 * @param at when the finding started, or until when the series was analyzed
 */
public record AnalysisMark(Kind kind, String seriesId, String detector, Instant at) {

  /** Sorts by series, then by {@link #storedDetector}, then by time: the order in reports. */
  public static final Comparator<AnalysisMark> ORDER =
      Comparator.comparing(AnalysisMark::seriesId)
          .thenComparing(AnalysisMark::storedDetector)
          .thenComparing(AnalysisMark::at);

  private static final String OVER_SUFFIX = "-over";
  private static final String ANALYZED = "looked-at";

  /** Appended to a detector's name that reads like one of the other kinds. */
  private static final String NAME_SUFFIX = "=";

  public enum Kind {
    /** The finding was reported and continues. */
    OPEN,
    /** The finding was reported and is over; kept so that no run reports it again. */
    OVER,
    /** The series, and those that follow it by id up to the next such mark, were analyzed. */
    ANALYZED_UNTIL
  }

  public static AnalysisMark open(String seriesId, String detector, Instant start) {
    return new AnalysisMark(Kind.OPEN, seriesId, detector, start);
  }

  public static AnalysisMark over(String seriesId, String detector, Instant start) {
    return new AnalysisMark(Kind.OVER, seriesId, detector, start);
  }

  public static AnalysisMark analyzedUntil(String seriesId, Instant until) {
    return new AnalysisMark(Kind.ANALYZED_UNTIL, seriesId, "", until);
  }

  public static AnalysisMark stored(String seriesId, String storedDetector, Instant at) {
    if (storedDetector.equals(ANALYZED)) {
      return analyzedUntil(seriesId, at);
    }
    if (storedDetector.endsWith(OVER_SUFFIX)) {
      return over(seriesId, withoutSuffix(storedDetector, OVER_SUFFIX), at);
    }
    return storedDetector.endsWith(NAME_SUFFIX)
        ? open(seriesId, withoutSuffix(storedDetector, NAME_SUFFIX), at)
        : open(seriesId, storedDetector, at);
  }

  /** The kind and the detector as one text, to store as the detector. */
  public String storedDetector() {
    return switch (kind) {
      case OPEN -> isAmbiguous(detector) ? detector + NAME_SUFFIX : detector;
      case OVER -> detector + OVER_SUFFIX;
      case ANALYZED_UNTIL -> ANALYZED;
    };
  }

  private static boolean isAmbiguous(String detector) {
    return detector.equals(ANALYZED)
        || detector.endsWith(OVER_SUFFIX)
        || detector.endsWith(NAME_SUFFIX);
  }

  private static String withoutSuffix(String text, String suffix) {
    return text.substring(0, text.length() - suffix.length());
  }
}
