package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import java.util.Comparator;
import java.util.List;

/**
 * What is told as one.
 *
 * @param finding a finding of a series, or of many at once, or the worst of many of one series
 * @param members the findings that it stands for; empty if it stands for itself
 */
record Incident(TrackedFinding finding, List<TrackedFinding> members) {

  /** By severity, then by impact; what is equal in both by name and time. */
  static final Comparator<TrackedFinding> WORST_FIRST =
      Comparator.comparing((TrackedFinding tracked) -> tracked.finding().severity())
          .reversed()
          .thenComparing(tracked -> -tracked.finding().excess())
          .thenComparing(tracked -> tracked.finding().series())
          .thenComparing(tracked -> tracked.finding().detector())
          .thenComparing(tracked -> tracked.finding().start());

  Incident {
    members = members.stream().sorted(WORST_FIRST).toList();
  }

  /**
   * What one detector found in one series: the worst stands for them all, so that a value that goes
   * up and down around its limit is told once a run.
   */
  static Incident ofOne(List<TrackedFinding> episodes) {
    TrackedFinding worst = episodes.stream().min(WORST_FIRST).orElseThrow();
    if (episodes.size() == 1) {
      return new Incident(worst, List.of());
    }
    Finding finding = worst.finding();
    boolean goesOn = !finding.ongoing() && episodes.stream().anyMatch(e -> e.finding().ongoing());
    String reason =
        "%s; the worst of %d episodes%s"
            .formatted(finding.reason(), episodes.size(), goesOn ? ", one of which goes on" : "");
    return new Incident(new TrackedFinding(worst.state(), finding.because(reason)), episodes);
  }
}
