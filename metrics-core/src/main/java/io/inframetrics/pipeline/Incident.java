package io.inframetrics.pipeline;

import io.inframetrics.pipeline.AnalyzeMetrics.TrackedFinding;
import java.util.Comparator;
import java.util.List;

/**
 * What is told as one.
 *
 * @param finding a finding of a series, or of many at once
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

  /** One series' own. */
  static Incident single(TrackedFinding finding) {
    return new Incident(finding, List.of());
  }
}
