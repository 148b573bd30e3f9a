package io.inframetrics.pipeline.analysis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.stale.StaleSeries;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.analysis.FindingsAcrossRuns.ClosedFinding;
import io.inframetrics.sink.AnalysisMark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one run finds, compared with what the run before reported: the episodes of each series as it
 * is read, then stale series and groups that went wrong at once. Belongs to one thread.
 */
final class AnalysisFindings {

  /** Found when all series are read, not by a detector in one of them. */
  private static final Set<String> NOT_OF_A_DETECTOR =
      Set.of(StaleSeries.NAME, CorrelatedFindings.NAME);

  private final List<AnalysisMark> before;
  private final FindingsAcrossRuns episodes;
  private final FindingsAcrossRuns stale;
  private final FindingsAcrossRuns groups;
  private final AnalyzedUntil analyzedUntil;
  private final StaleSeriesCheck staleCheck;
  private final List<TrackedFinding> found = new ArrayList<>();
  private final List<TrackedFinding> toReport = new ArrayList<>();
  private final Set<TrackedFinding> oldest = new HashSet<>();
  private final Set<String> judged = new HashSet<>();
  private final List<AnalysisMark> after = new ArrayList<>();
  private CorrelatedFindings correlated = new CorrelatedFindings(Map.of(), Map.of(), List.of());

  /** Begins with the marks of the run before; reports at least what ended within the window. */
  AnalysisFindings(List<AnalysisMark> before, CollectionRun run, Duration window) {
    this.before = before;
    this.analyzedUntil = new AnalyzedUntil(before, run.observedAt(), window);
    this.episodes =
        new FindingsAcrossRuns(
            before.stream()
                .filter(mark -> mark.kind() != AnalysisMark.Kind.ANALYZED_UNTIL)
                .filter(mark -> !NOT_OF_A_DETECTOR.contains(mark.detector()))
                .toList(),
            analyzedUntil::newsSince);
    this.stale =
        new FindingsAcrossRuns(marksOf(StaleSeries.NAME), analyzedUntil::newsSince, Duration.ZERO);
    // What stands for many series is news if it is of any of them.
    this.groups =
        new FindingsAcrossRuns(
            marksOf(CorrelatedFindings.NAME),
            standIn -> analyzedUntil.newsSince(),
            CorrelatedFindings.AT_ONCE);
    this.staleCheck = new StaleSeriesCheck(run, window);
  }

  /**
   * Takes a series that was judged and has points, with all its episodes; returns whether any of
   * them is to be reported.
   */
  boolean add(SeriesHistory history, List<Finding> ofSeries) {
    Instant first = Instant.ofEpochSecond(history.points().get(0).epochSecond());
    List<TrackedFinding> news = track(episodes, history.series(), ofSeries.stream());
    for (TrackedFinding one : news) {
      found.add(one);
      if (!one.finding().start().isAfter(first)) {
        oldest.add(one);
      }
    }
    judged.add(history.series().id());
    staleCheck.add(history);
    return !news.isEmpty();
  }

  /** Call once for anomalies, after the last series, with the number of series judged by type. */
  void relate(Map<MetricType, Integer> readByType) {
    for (Series series : staleCheck.series()) {
      found.addAll(track(stale, series, staleCheck.finding(series).stream()));
    }
    correlated =
        new CorrelatedFindings(
            readByType, staleCheck.intervals(), marksOf(CorrelatedFindings.NAME));
    correlated.takeFrom(found, oldest::contains).stream()
        .collect(groupingBy(TrackedFinding::series, TreeMap::new, toList()))
        .forEach(this::reportGroups);
  }

  /** Reports the groups with one stand-in, each once, as new or as still going on. */
  private void reportGroups(Series standIn, List<TrackedFinding> ofStandIn) {
    List<TrackedFinding> reported = groups.track(standIn, ofStandIn);
    toReport.addAll(reported);
    // Of one that was reported and is over, only members that are news by themselves are reported.
    ofStandIn.stream()
        .map(TrackedFinding::members)
        .filter(members -> reported.stream().noneMatch(one -> one.members().equals(members)))
        .forEach(found::addAll);
  }

  /**
   * Call this last.
   *
   * @param listed the types whose recent series are known, all of them
   * @param unread the ids of those recent series that were not judged
   */
  void finish(Set<MetricType> listed, Set<String> unread) {
    episodes.finish(listed, unread);
    stale.finish(listed, unread);
    // A run that has not seen all series cannot know that a group is over.
    groups.finish(unread.isEmpty() ? listed : Set.of(), Set.of());
    trackers().map(FindingsAcrossRuns::after).forEach(after::addAll);
    after.addAll(analyzedUntil.after(listed, judged, unread));
    after.sort(AnalysisMark.ORDER);
    found.stream()
        .collect(groupingBy(one -> List.of(one.series(), one.finding().detector())))
        .values()
        .forEach(ofDetector -> toReport.add(worstOf(ofDetector)));
    toReport.sort(TrackedFinding.WORST_FIRST);
  }

  /**
   * What one detector found in one series: the worst stands for all, so that a value that goes up
   * and down around its limit is reported once a run.
   */
  private static TrackedFinding worstOf(List<TrackedFinding> episodes) {
    TrackedFinding worst = episodes.stream().min(TrackedFinding.WORST_FIRST).orElseThrow();
    if (episodes.size() == 1) {
      return worst;
    }
    Finding finding = worst.finding();
    boolean goesOn = !finding.ongoing() && episodes.stream().anyMatch(e -> e.finding().ongoing());
    String reason =
        "%s; the worst of %d episodes%s"
            .formatted(
                finding.reason(), episodes.size(), goesOn ? ", one of which is still ongoing" : "");
    return new TrackedFinding(worst.state(), finding.because(reason), episodes);
  }

  /** What to report, the worst first; after {@link #finish}. */
  List<TrackedFinding> toReport() {
    return toReport;
  }

  /** The marks for the next run, sorted; after {@link #finish}. */
  List<AnalysisMark> after() {
    return after;
  }

  /** What is over, sorted, but not the series that are {@link #gone}; after {@link #finish}. */
  List<ClosedFinding> closed() {
    return trackers()
        .map(FindingsAcrossRuns::closed)
        .flatMap(Collection::stream)
        .filter(closed -> !isGone(closed))
        .sorted(ClosedFinding.ORDER)
        .toList();
  }

  /** The same, but of the members of a group only what stands for them. */
  List<ClosedFinding> closedWithoutMembers() {
    return correlated.withoutMembers(closed());
  }

  /** Series that were stale and are no longer analyzed, sorted; after {@link #finish}. */
  List<ClosedFinding> gone() {
    return stale.closed().stream().filter(this::isGone).toList();
  }

  /** What was open before and was not analyzed now, sorted; after {@link #finish}. */
  List<AnalysisMark> unseen() {
    return trackers()
        .map(FindingsAcrossRuns::unseen)
        .flatMap(Collection::stream)
        .sorted(AnalysisMark.ORDER)
        .toList();
  }

  private Stream<FindingsAcrossRuns> trackers() {
    return Stream.of(episodes, stale, groups);
  }

  private boolean isGone(ClosedFinding closed) {
    return closed.mark().detector().equals(StaleSeries.NAME)
        && !judged.contains(closed.mark().seriesId());
  }

  private List<AnalysisMark> marksOf(String detector) {
    return before.stream().filter(mark -> mark.detector().equals(detector)).toList();
  }

  private static List<TrackedFinding> track(
      FindingsAcrossRuns tracker, Series series, Stream<Finding> findings) {
    return tracker.track(series, findings.map(TrackedFinding::new).toList());
  }
}
