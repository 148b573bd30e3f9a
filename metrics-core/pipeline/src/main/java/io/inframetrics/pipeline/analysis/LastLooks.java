package io.inframetrics.pipeline.analysis;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.sink.RunLedger.OpenFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Until when earlier runs looked at each series, so that nothing is lost between two looks: not
 * when a run failed, nor when a series was skipped for lack of time.
 *
 * <p>Kept in the ledger beside the open findings, under the detector {@value #DETECTOR}. A mark
 * stands for its series and all of its type that follow by id, up to the next mark. Where all were
 * looked at, a type has one; where the time is always short, as many as runs that a round takes.
 */
final class LastLooks {

  /** In place of a detector's name: not a finding, but a mark of this class. */
  static final String DETECTOR = "looked-at";

  private final Map<Optional<MetricType>, NavigableMap<String, Instant>> before = new HashMap<>();
  private final Instant windowStart;
  private final Instant observedAt;

  /**
   * What {@code remembered} says, where other than marks are passed over.
   *
   * @param observedAt of this run
   * @param window as far back at least
   */
  LastLooks(List<OpenFinding> remembered, Instant observedAt, Duration window) {
    this.observedAt = observedAt;
    this.windowStart = observedAt.minus(window);
    remembered.stream()
        .filter(LastLooks::isMark)
        .forEach(
            mark ->
                before
                    .computeIfAbsent(SeriesId.type(mark.seriesId()), type -> new TreeMap<>())
                    .put(mark.seriesId(), mark.start()));
  }

  static boolean isMark(OpenFinding one) {
    return one.detector().equals(DETECTOR);
  }

  /** The start of what is news of a series: its last look, and a window ago if that is earlier. */
  Instant newsSince(String seriesId) {
    NavigableMap<String, Instant> ofType = before.get(SeriesId.type(seriesId));
    if (ofType == null) {
      return windowStart;
    }
    Map.Entry<String, Instant> mark = ofType.floorEntry(seriesId);
    return earlier((mark == null ? ofType.firstEntry() : mark).getValue(), windowStart);
  }

  /** The earliest of all. */
  Instant newsSince() {
    return before.values().stream()
        .flatMap(ofType -> ofType.values().stream())
        .reduce(windowStart, LastLooks::earlier);
  }

  /**
   * What the next run should remember.
   *
   * @param listed the types whose recent series are known, all of them
   * @param read the ids of those recent series that were looked at
   * @param unread the ids of those that were not
   */
  List<OpenFinding> after(Set<MetricType> listed, Set<String> read, Set<String> unread) {
    Map<Optional<MetricType>, NavigableSet<String>> known = new HashMap<>();
    for (Set<String> ids : List.of(read, unread)) {
      ids.forEach(id -> known.computeIfAbsent(SeriesId.type(id), type -> new TreeSet<>()).add(id));
    }
    List<OpenFinding> marks = new ArrayList<>();
    known.values().forEach(ids -> addMarks(marks, ids, read));
    before.forEach(
        (type, ofType) -> {
          if (type.filter(listed::contains).isEmpty()) {
            ofType.forEach((id, at) -> marks.add(new OpenFinding(id, DETECTOR, at)));
          }
        });
    return marks;
  }

  private void addMarks(List<OpenFinding> marks, NavigableSet<String> ids, Set<String> read) {
    Instant last = Instant.MIN;
    for (String id : ids) {
      Instant at = read.contains(id) ? observedAt : newsSince(id);
      if (!at.equals(last)) {
        marks.add(new OpenFinding(id, DETECTOR, at));
        last = at;
      }
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
