package io.inframetrics.cli.page;

import io.inframetrics.cli.series.RecordedStores;
import io.inframetrics.cli.series.RecordedStores.Recording;
import io.inframetrics.page.PageRequest;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.report.ComposeReport;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Analyzes recorded series as a run would have at the time of their newest point, and reports the
 * episodes of the last week too, not only those since a run before.
 */
final class RecordedReport {

  /** Episodes that are over are reported this far back. */
  static final Duration NEWS = Duration.ofDays(7);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RecordedStores stores;
  private final AnalysisSettings settings;
  private final Instant observedAt;
  private final String runId;
  private final Clock clock;

  /** At least one series. */
  RecordedReport(List<Recording> recordings, AnalysisSettings settings, Clock clock) {
    this.stores = new RecordedStores(recordings);
    long newest = recordings.stream().mapToLong(Recording::newest).max().orElseThrow();
    this.observedAt = Instant.ofEpochSecond(newest);
    this.settings = settings.withWindow(NEWS);
    this.runId = "recorded-" + TIME.format(observedAt);
    this.clock = clock;
  }

  /** The time of the newest point. */
  Instant observedAt() {
    return observedAt;
  }

  /** The reports, after {@link #compose}. */
  RecordedStores stores() {
    return stores;
  }

  /** Analyzes and reports; answers what the page is to be made of. */
  PageRequest compose(ZoneId zone) {
    Deadline deadline = Deadline.after(Duration.ofHours(1), clock);
    AnalyzeMetrics analyze = new AnalyzeMetrics(stores, stores, stores, settings, clock);
    List<CollectionResult> collections =
        stores.types().stream()
            .map(type -> RecordedStores.collected(type, runId, observedAt))
            .toList();
    List<ComposeReport.Analysis> analyses = new ArrayList<>();
    for (String analysis : List.of(AnalyzeMetrics.ANOMALIES, AnalyzeMetrics.FORECAST)) {
      AnalyzeMetrics.Result result =
          analyze.analyze(new AnalyzeMetrics.Request(analysis, runId, collections), deadline);
      analyses.add(new ComposeReport.Analysis(analysis, result.reportKey(), result.summary()));
    }
    String what = "Recorded series until " + observedAt;
    ComposeReport.Result report =
        new ComposeReport(stores, settings, clock)
            .compose(
                new ComposeReport.Request(runId, observedAt, "HEALTHY", what, what, analyses),
                deadline);
    return new PageRequest(runId, observedAt, report.reportKey(), null, zone);
  }
}
