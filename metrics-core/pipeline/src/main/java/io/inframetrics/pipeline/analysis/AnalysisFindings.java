package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.stale.StaleSeries;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalysisMemory.ClosedFinding;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.sink.RunLedger.OpenFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one run finds, held against what the run before told: first of each series as it is read,
 * then, when all are read, of silence and of many at once. Belongs to one thread.
 */
final class AnalysisFindings {

  private final List<OpenFinding> before;
  private final AnalysisMemory episodes;
  private final AnalysisMemory silences;
  private final AnalysisMemory crowds;
  private final LastLooks looks;
  private final SilenceWatch watch;
  private final List<TrackedFinding> found = new ArrayList<>();
  private final List<Incident> incidents = new ArrayList<>();
  private final Set<TrackedFinding> oldest = new HashSet<>();
  private final Set<String> judged = new HashSet<>();
  private final List<OpenFinding> marks = new ArrayList<>();
  private CorrelatedFindings correlated = new CorrelatedFindings(Map.of(), Map.of(), List.of());

  /**
   * Nothing is found yet.
   *
   * @param before what the run before left open, and until when it looked
   * @param window how far back to tell of what is over, where the last look is no longer ago
   */
  AnalysisFindings(List<OpenFinding> before, CollectionRun run, Duration window) {
    this.before = before.stream().filter(one -> !LastLooks.isMark(one)).toList();
    this.looks = new LastLooks(before, run.observedAt(), window);
    List<OpenFinding> others =
        this.before.stream()
            .filter(one -> !isOf(StaleSeries.NAME, one) && !isOf(CorrelatedFindings.NAME, one))
            .toList();
    this.episodes = new AnalysisMemory(others, looks::newsSince);
    this.silences = new AnalysisMemory(of(StaleSeries.NAME), looks::newsSince, Duration.ZERO);
    // What stands for many series is news if it is of any of them.
    this.crowds =
        new AnalysisMemory(
            of(CorrelatedFindings.NAME), standIn -> looks.newsSince(), CorrelatedFindings.AT_ONCE);
    this.watch = new SilenceWatch(run, window);
  }

  /** Takes a series that was judged, with all its episodes; it has points. */
  void add(SeriesHistory history, List<Finding> ofSeries) {
    Instant first = Instant.ofEpochSecond(history.points().get(0).epochSecond());
    for (TrackedFinding told : episodes.track(history.series(), ofSeries)) {
      found.add(told);
      if (!told.finding().start().isAfter(first)) {
        oldest.add(told);
      }
    }
    judged.add(history.series().id());
    watch.add(history);
  }

  /**
   * To be called once, when no more series come, of an analysis that looks for anomalies.
   *
   * @param readByType how many series of each type were judged
   */
  void relate(Map<MetricType, Integer> readByType) {
    watch.tell(
        (series, finding) -> found.addAll(silences.track(series, finding.stream().toList())));
    Map<Series, List<CorrelatedFindings.Group>> groups = new TreeMap<>();
    correlated = new CorrelatedFindings(readByType, watch.intervals(), of(CorrelatedFindings.NAME));
    correlated
        .takeFrom(found, oldest::contains)
        .forEach(
            group ->
                groups
                    .computeIfAbsent(group.finding().series(), series -> new ArrayList<>())
                    .add(group));
    groups.forEach(this::tell);
  }

  /**
   * To be called last.
   *
   * @param listed the types whose recent series are known, all of them
   * @param unread the ids of those recent series that were not judged
   */
  void finish(Set<MetricType> listed, Set<String> unread) {
    episodes.finish(listed, unread);
    silences.finish(listed, unread);
    // Who has not seen all series cannot tell that an incident is over.
    crowds.finish(unread.isEmpty() ? listed : Set.of(), Set.of());
    marks.addAll(looks.after(listed, judged, unread));
    Map<List<Object>, List<TrackedFinding>> again = new LinkedHashMap<>();
    for (TrackedFinding one : found) {
      again
          .computeIfAbsent(
              List.of(one.finding().series(), one.finding().detector()), same -> new ArrayList<>())
          .add(one);
    }
    again.values().forEach(same -> incidents.add(Incident.ofOne(same)));
    found.clear();
    incidents.sort(Comparator.comparing(Incident::finding, Incident.WORST_FIRST));
  }

  /** What to tell, the worst first; after {@link #finish}. */
  List<Incident> incidents() {
    return List.copyOf(incidents);
  }

  /** What the next run should remember, sorted; after {@link #finish}. */
  List<OpenFinding> after() {
    return Stream.of(episodes.after(), silences.after(), crowds.after(), marks)
        .flatMap(List::stream)
        .sorted(AnalysisMemory.ORDER)
        .toList();
  }

  /** What is over, sorted, but not the series that are {@link #gone}; after {@link #finish}. */
  List<ClosedFinding> closed() {
    return Stream.of(episodes, silences, crowds)
        .flatMap(memory -> memory.closed().stream())
        .filter(closed -> !isGone(closed))
        .sorted(Comparator.comparing(ClosedFinding::finding, AnalysisMemory.ORDER))
        .toList();
  }

  /** The same, but of many that were one incident only what stands for them. */
  List<ClosedFinding> closedWithoutMembers() {
    return correlated.withoutMembers(closed());
  }

  /** Series that were stale and are not looked at any more, sorted; after {@link #finish}. */
  List<ClosedFinding> gone() {
    return silences.closed().stream().filter(this::isGone).toList();
  }

  /** What was open before and was not looked at now, sorted; after {@link #finish}. */
  List<OpenFinding> unseen() {
    return Stream.of(episodes, silences, crowds)
        .flatMap(memory -> memory.unseen().stream())
        .sorted(AnalysisMemory.ORDER)
        .toList();
  }

  private boolean isGone(ClosedFinding closed) {
    return isOf(StaleSeries.NAME, closed.finding())
        && !judged.contains(closed.finding().seriesId());
  }

  /** Tells of the groups under one stand-in, each once, as new or as going on. */
  private void tell(Series standIn, List<CorrelatedFindings.Group> groups) {
    List<CorrelatedFindings.Group> untold = new ArrayList<>(groups);
    List<Finding> all = groups.stream().map(CorrelatedFindings.Group::finding).toList();
    for (TrackedFinding told : crowds.track(standIn, all)) {
      // The start may be the remembered one by now; what was counted is still the same.
      untold.stream()
          .filter(group -> group.finding().reason().equals(told.finding().reason()))
          .findFirst()
          .ifPresent(
              group -> {
                incidents.add(new Incident(told, group.members()));
                untold.remove(group);
              });
    }
    // Of one that was told and is over, only what is news by itself is told.
    untold.forEach(group -> found.addAll(group.members()));
  }

  private List<OpenFinding> of(String detector) {
    return before.stream().filter(one -> isOf(detector, one)).toList();
  }

  private static boolean isOf(String detector, OpenFinding finding) {
    return finding.detector().equals(detector)
        || finding.detector().equals(detector + AnalysisMemory.OVER);
  }
}
