package io.inframetrics.pipeline.analysis;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.sink.AnalysisMark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Until when earlier runs analyzed each series. A run reports what ended since then, so an episode
 * is reported even if it began and ended while runs failed, or skipped its series for lack of time.
 *
 * <p>The ledger keeps this as marks of the kind {@link AnalysisMark.Kind#ANALYZED_UNTIL}. A mark
 * stands for its series and for all of its type that follow by id, up to the next mark. A type of
 * which every series was analyzed needs one; where time is always short, there are as many marks as
 * runs that it takes to analyze every series once.
 */
final class AnalyzedUntil {

  private final NavigableMap<String, Instant> before = new TreeMap<>();
  private final Instant windowStart;
  private final Instant observedAt;

  /**
   * What {@code marks} say; those of other kinds are ignored.
   *
   * @param window news begins this long before {@code observedAt}, or earlier
   */
  AnalyzedUntil(List<AnalysisMark> marks, Instant observedAt, Duration window) {
    this.observedAt = observedAt;
    this.windowStart = observedAt.minus(window);
    marks.stream()
        .filter(mark -> mark.kind() == AnalysisMark.Kind.ANALYZED_UNTIL)
        .forEach(mark -> before.put(mark.seriesId(), mark.at()));
  }

  /** When the news of a series begins: where the last run stopped, or at the window's start. */
  Instant newsSince(String seriesId) {
    Map.Entry<String, Instant> mark = before.floorEntry(seriesId);
    if (mark == null || !isOfSameType(mark.getKey(), seriesId)) {
      // A series that sorts before all marks of its type is as new as the first of them.
      mark = before.ceilingEntry(seriesId);
    }
    return mark == null || !isOfSameType(mark.getKey(), seriesId)
        ? windowStart
        : earlier(mark.getValue(), windowStart);
  }

  /** When the news of any series begins, at the earliest. */
  Instant newsSince() {
    return before.values().stream().reduce(windowStart, AnalyzedUntil::earlier);
  }

  /**
   * The marks for the next run.
   *
   * @param listed the types whose recent series are known, all of them
   * @param read the ids of those recent series that were analyzed
   * @param unread the ids of those that were not
   */
  List<AnalysisMark> after(Set<MetricType> listed, Set<String> read, Set<String> unread) {
    List<AnalysisMark> marks = new ArrayList<>();
    Set<String> ids = new TreeSet<>(read);
    ids.addAll(unread);
    for (String id : ids) {
      Instant until = read.contains(id) ? observedAt : newsSince(id);
      AnalysisMark last = marks.isEmpty() ? null : marks.get(marks.size() - 1);
      if (last == null || !last.at().equals(until) || !isOfSameType(last.seriesId(), id)) {
        marks.add(AnalysisMark.analyzedUntil(id, until));
      }
    }
    before.forEach(
        (id, until) -> {
          if (SeriesId.type(id).filter(listed::contains).isEmpty()) {
            marks.add(AnalysisMark.analyzedUntil(id, until));
          }
        });
    return marks;
  }

  private static boolean isOfSameType(String one, String other) {
    return SeriesId.type(one).equals(SeriesId.type(other));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
