package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.State;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.sink.RunLedger.OpenFinding;
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
 * What an earlier run told of, held against what this run sees: which episodes are new, which are
 * still going on and since when, which are closed.
 *
 * <p>An episode is recognised by series, detector and start. As the history moves on, the first
 * points of a long episode leave it and the start that a detector sees moves; so a remembered
 * finding belongs to the first episode that ends at or after the start that is remembered.
 *
 * <p>An episode that is over stays visible in the history for long. It is remembered, with {@value
 * #OVER} behind the detector's name, until a run has looked past it: so it is told once, and once
 * as closed.
 */
final class AnalysisMemory {

  /** Behind the name of the detector: told, and told to be over. */
  static final String OVER = "-over";

  /** How findings stand in the ledger and in reports. */
  static final Comparator<OpenFinding> ORDER =
      Comparator.comparing(OpenFinding::seriesId)
          .thenComparing(OpenFinding::detector)
          .thenComparing(OpenFinding::start);

  private final Map<String, List<OpenFinding>> before = new TreeMap<>();
  private final List<OpenFinding> after = new ArrayList<>();
  private final List<ClosedFinding> closed = new ArrayList<>();
  private final List<OpenFinding> unseen = new ArrayList<>();
  private final Function<String, Instant> newsSince;
  private final @Nullable Duration tolerance;

  /**
   * A memory of {@code remembered}.
   *
   * @param newsSince by series id: episodes that ended before it are not told
   */
  AnalysisMemory(List<OpenFinding> remembered, Function<String, Instant> newsSince) {
    this(remembered, newsSince, null);
  }

  /**
   * A memory of episodes that keep their start, so that one that starts later is another one.
   *
   * @param tolerance how far apart the starts of one episode may be; null if they move
   */
  AnalysisMemory(
      List<OpenFinding> remembered,
      Function<String, Instant> newsSince,
      @Nullable Duration tolerance) {
    this.newsSince = newsSince;
    this.tolerance = tolerance;
    remembered.stream()
        .sorted(
            Comparator.comparing(OpenFinding::start)
                .thenComparing(OpenFinding::seriesId)
                .thenComparing(OpenFinding::detector))
        .forEach(
            finding ->
                before.computeIfAbsent(finding.seriesId(), id -> new ArrayList<>()).add(finding));
  }

  /**
   * Takes every episode that was found in a series, of all detectors.
   *
   * @return those to tell, with the start that is remembered
   */
  List<TrackedFinding> track(Series series, List<Finding> episodes) {
    List<OpenFinding> remembered = before.getOrDefault(series.id(), new ArrayList<>());
    before.remove(series.id());
    Instant since = newsSince.apply(series.id());
    List<TrackedFinding> told = new ArrayList<>();
    List<Finding> inOrder =
        episodes.stream().sorted(Comparator.comparing(Finding::latest)).toList();
    for (Finding episode : inOrder) {
      OpenFinding known = take(remembered, episode, since);
      boolean recent = !episode.latest().isBefore(since);
      if (known != null && !episode.ongoing()) {
        close(known, episode);
      } else if (known != null) {
        told.add(new TrackedFinding(State.STILL, episode.startingAt(known.start())));
      } else if (episode.ongoing() || recent) {
        told.add(new TrackedFinding(State.NEW, episode));
      }
      if (episode.ongoing() || recent) {
        after.add(
            new OpenFinding(
                series.id(),
                episode.ongoing() ? episode.detector() : episode.detector() + OVER,
                known == null ? episode.start() : known.start()));
      }
    }
    remembered.forEach(finding -> close(finding, null));
    return told;
  }

  /**
   * To be called when no more series come.
   *
   * @param listed the types whose recent series are known, all of them
   * @param unread the ids of those recent series that were not tracked
   */
  void finish(Set<MetricType> listed, Set<String> unread) {
    before.forEach(
        (seriesId, findings) -> {
          boolean gone =
              !unread.contains(seriesId)
                  && SeriesId.type(seriesId).map(listed::contains).orElse(false);
          for (OpenFinding finding : findings) {
            if (gone) {
              close(finding, null);
            } else {
              after.add(finding);
              if (!isOver(finding)) {
                unseen.add(finding);
              }
            }
          }
        });
    before.clear();
    after.sort(ORDER);
    closed.sort(Comparator.comparing(ClosedFinding::finding, ORDER));
  }

  /** What the next run should remember, sorted; after {@link #finish}. */
  List<OpenFinding> after() {
    return List.copyOf(after);
  }

  /** What is over, sorted; after {@link #finish}. */
  List<ClosedFinding> closed() {
    return List.copyOf(closed);
  }

  /** What was open before and may still be, as nobody looked, sorted; after {@link #finish}. */
  List<OpenFinding> unseen() {
    return unseen.stream().sorted(ORDER).toList();
  }

  private void close(OpenFinding finding, @Nullable Finding episode) {
    if (!isOver(finding)) {
      closed.add(
          new ClosedFinding(
              finding,
              episode == null ? null : episode.latest(),
              episode != null && episode.becameUsual()));
    }
  }

  private static boolean isOver(OpenFinding finding) {
    return finding.detector().endsWith(OVER);
  }

  private @Nullable OpenFinding take(List<OpenFinding> remembered, Finding episode, Instant since) {
    OpenFinding first = null;
    for (Iterator<OpenFinding> i = remembered.iterator(); i.hasNext(); ) {
      OpenFinding candidate = i.next();
      boolean sameDetector =
          candidate.detector().equals(episode.detector())
              || candidate.detector().equals(episode.detector() + OVER);
      if (sameDetector && mayBe(candidate, episode, since)) {
        // What was told as two episodes and is one now goes on from the first.
        first = first == null ? candidate : first;
        i.remove();
      }
    }
    return first;
  }

  private boolean mayBe(OpenFinding candidate, Finding episode, Instant since) {
    if (tolerance != null) {
      return Duration.between(candidate.start(), episode.start()).abs().compareTo(tolerance) <= 0;
    }
    // What was over when the run before looked has not begun since; a detector that learns may no
    // longer see it, and then the next episode is another one.
    boolean begunSince =
        isOver(candidate)
            && episode.start().isAfter(since)
            && episode.start().isAfter(candidate.start());
    return !begunSince && !candidate.start().isAfter(episode.latest());
  }

  /**
   * A finding that was told before and is over.
   *
   * @param end of the episode; null if the series no longer shows it, or no longer reports
   * @param becameUsual whether it is over only because it lasted
   */
  record ClosedFinding(OpenFinding finding, @Nullable Instant end, boolean becameUsual) {}
}
