package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.sink.AnalysisMark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares what this run finds with what earlier runs reported: which episodes are new, which go on
 * and since when, and which are over.
 *
 * <p>An episode is recognized by series, detector and start. As the history moves on, it loses the
 * first points of a long episode, and the start that a detector sees moves; so a mark belongs to
 * the first episode that ends at or after the mark's start.
 *
 * <p>An episode that is over stays in the history for a long time. Its mark is kept, as {@link
 * AnalysisMark.Kind#OVER}, until a run has looked past it: so it is reported once, and closed once.
 */
final class FindingsAcrossRuns {

  private final Map<String, List<AnalysisMark>> before = new TreeMap<>();
  private final List<AnalysisMark> after = new ArrayList<>();
  private final List<ClosedFinding> closed = new ArrayList<>();
  private final List<AnalysisMark> unseen = new ArrayList<>();
  private final Function<String, Instant> newsSince;
  private final @Nullable Duration tolerance;

  /** Knows the findings in {@code marks}; skips what ended before its series' {@code newsSince}. */
  FindingsAcrossRuns(List<AnalysisMark> marks, Function<String, Instant> newsSince) {
    this(marks, newsSince, null);
  }

  /**
   * A tracker of episodes that keep their start, so that one that starts later is another one.
   *
   * @param tolerance how far apart the starts of one episode may be; null if they move
   */
  FindingsAcrossRuns(
      List<AnalysisMark> marks, Function<String, Instant> newsSince, @Nullable Duration tolerance) {
    this.newsSince = newsSince;
    this.tolerance = tolerance;
    marks.stream()
        .sorted(Comparator.comparing(AnalysisMark::at).thenComparing(AnalysisMark.ORDER))
        .forEach(
            mark -> before.computeIfAbsent(mark.seriesId(), id -> new ArrayList<>()).add(mark));
  }

  /** Takes all episodes found in a series; returns those to report, with their first start. */
  List<TrackedFinding> track(Series series, List<TrackedFinding> episodes) {
    List<AnalysisMark> marks = before.getOrDefault(series.id(), new ArrayList<>());
    before.remove(series.id());
    Instant since = newsSince.apply(series.id());
    List<TrackedFinding> toReport = new ArrayList<>();
    List<TrackedFinding> inOrder =
        episodes.stream().sorted(Comparator.comparing(one -> one.finding().latest())).toList();
    for (TrackedFinding episode : inOrder) {
      Finding finding = episode.finding();
      AnalysisMark known = take(marks, finding, since);
      boolean relevant = finding.ongoing() || !finding.latest().isBefore(since);
      if (known != null && !finding.ongoing()) {
        close(known, finding);
      } else if (known != null) {
        toReport.add(episode.still(known.at()));
      } else if (relevant) {
        toReport.add(episode);
      }
      if (relevant) {
        Instant start = known == null ? finding.start() : known.at();
        after.add(
            finding.ongoing()
                ? AnalysisMark.open(series.id(), finding.detector(), start)
                : AnalysisMark.over(series.id(), finding.detector(), start));
      }
    }
    marks.forEach(mark -> close(mark, null));
    return toReport;
  }

  /** Call this when no more series come, with the arguments of {@link AnalysisFindings#finish}. */
  void finish(Set<MetricType> listed, Set<String> unread) {
    before.forEach(
        (seriesId, marks) -> {
          boolean gone =
              !unread.contains(seriesId)
                  && SeriesId.type(seriesId).map(listed::contains).orElse(false);
          for (AnalysisMark mark : marks) {
            if (gone) {
              close(mark, null);
            } else {
              after.add(mark);
              if (isOpen(mark)) {
                unseen.add(mark);
              }
            }
          }
        });
    before.clear();
    after.sort(AnalysisMark.ORDER);
    closed.sort(ClosedFinding.ORDER);
    unseen.sort(AnalysisMark.ORDER);
  }

  /** The marks for the next run, sorted; after {@link #finish}. */
  List<AnalysisMark> after() {
    return after;
  }

  /** What is over, sorted; after {@link #finish}. */
  List<ClosedFinding> closed() {
    return closed;
  }

  /** What was open before and may still be, as nobody looked, sorted; after {@link #finish}. */
  List<AnalysisMark> unseen() {
    return unseen;
  }

  private void close(AnalysisMark mark, @Nullable Finding episode) {
    if (isOpen(mark)) {
      closed.add(
          new ClosedFinding(
              mark,
              episode == null ? null : episode.latest(),
              episode != null && episode.becameUsual()));
    }
  }

  private static boolean isOpen(AnalysisMark mark) {
    return mark.kind() == AnalysisMark.Kind.OPEN;
  }

  private @Nullable AnalysisMark take(List<AnalysisMark> marks, Finding episode, Instant since) {
    AnalysisMark first = null;
    for (Iterator<AnalysisMark> i = marks.iterator(); i.hasNext(); ) {
      AnalysisMark mark = i.next();
      if (mark.detector().equals(episode.detector()) && mayBe(mark, episode, since)) {
        // What was reported as two episodes and is one now goes on from the first.
        first = first == null ? mark : first;
        i.remove();
      }
    }
    return first;
  }

  private boolean mayBe(AnalysisMark mark, Finding episode, Instant since) {
    if (tolerance != null) {
      return Duration.between(mark.at(), episode.start()).abs().compareTo(tolerance) <= 0;
    }
    // What was over when the run before looked has not begun since; a detector that learns may no
    // longer see it, and then the next episode is another one.
    boolean begunSince =
        !isOpen(mark) && episode.start().isAfter(since) && episode.start().isAfter(mark.at());
    return !begunSince && !mark.at().isAfter(episode.latest());
  }

  /**
   * A finding that was reported before and is over.
   *
   * @param mark what the run before left of it
   * @param end of the episode; null if the series no longer shows it, or no longer reports
   * @param becameUsual whether it is over only because it lasted
   */
  record ClosedFinding(AnalysisMark mark, @Nullable Instant end, boolean becameUsual) {

    /** The order in reports. */
    static final Comparator<ClosedFinding> ORDER =
        Comparator.comparing(ClosedFinding::mark, AnalysisMark.ORDER);
  }
}
