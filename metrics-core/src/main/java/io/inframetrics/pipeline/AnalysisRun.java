package io.inframetrics.pipeline;

import io.inframetrics.analyze.Detector;
import io.inframetrics.analyze.Finding;
import io.inframetrics.analyze.Forecast;
import io.inframetrics.analyze.ForecastDetector;
import io.inframetrics.analyze.SeriesHistory;
import io.inframetrics.analyze.SeriesSummary;
import io.inframetrics.encode.JsonMistake;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.SeriesId;
import io.inframetrics.pipeline.AnalyzeMetrics.CollectionOutcome;
import io.inframetrics.pipeline.AnalyzeMetrics.Result;
import io.inframetrics.pipeline.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.ReportStore;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.RunLedger.OpenFinding;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;

/** One run of one analysis: reads, judges, remembers, reports. Used once, by one thread. */
final class AnalysisRun {

  private static final Logger LOG = LoggerFactory.getLogger(AnalysisRun.class);

  /** What is kept of the time for the report and the ledger: this, or a quarter if that is less. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  /** UTF-8 bytes of the whole answer as JSON; two of them travel in the workflow's state. */
  private static final int MAX_ANSWER_BYTES = 8_000;

  /** The answer without findings and summary: names, analysis, report key. */
  private static final int ENVELOPE_BYTES = 400;

  private static final Comparator<TrackedFinding> WORST_FIRST =
      Comparator.comparing((TrackedFinding tracked) -> tracked.finding().severity())
          .reversed()
          .thenComparing(tracked -> -tracked.finding().excess())
          .thenComparing(tracked -> tracked.finding().series())
          .thenComparing(tracked -> tracked.finding().detector())
          .thenComparing(tracked -> tracked.finding().start());

  private final MetricHistory history;
  private final RunLedger ledger;
  private final ReportStore reports;
  private final AnalysisSettings settings;
  private final List<Detector> detectors;
  private final ForecastDetector forecaster;
  private final String analysis;
  private final CollectionRun run;
  private final Deadline deadline;
  private final Deadline readingDeadline;
  private final AnalysisProgress progress = new AnalysisProgress();
  private final List<TrackedFinding> findings = new ArrayList<>();

  AnalysisRun(
      MetricHistory history,
      RunLedger ledger,
      ReportStore reports,
      AnalysisSettings settings,
      List<Detector> detectors,
      String analysis,
      CollectionRun run,
      Deadline deadline) {
    this.history = history;
    this.ledger = ledger;
    this.reports = reports;
    this.settings = settings;
    this.detectors = detectors;
    this.forecaster = new ForecastDetector(settings.capacities(), settings.horizon());
    this.analysis = analysis;
    this.run = run;
    this.deadline = deadline;
    Duration quarter = deadline.remaining().dividedBy(4);
    this.readingDeadline = deadline.earlierBy(quarter.compareTo(RESERVE) < 0 ? quarter : RESERVE);
  }

  Result execute(List<CollectionOutcome> collections) {
    Set<MetricType> types = types(collections);
    String reportKey = AnalysisReport.key(analysis, run.runId(), run.observedAt());
    List<OpenFinding> inLedger = ledger.openFindings(analysis, deadline);
    List<OpenFinding> openBefore = sorted(firstTry(reportKey).orElse(inLedger));
    AnalysisMemory memory =
        new AnalysisMemory(openBefore, run.observedAt().minus(settings.window()));

    try (StagedObject<String> staged = reports.create(reportKey, deadline)) {
      String summary;
      try (AnalysisReport report =
          AnalysisReport.start(
              staged.body(), analysis, run.runId(), run.observedAt(), openBefore, collections)) {
        judgeAll(types, memory, report);
        if (progress.nothingCouldBeRead()) {
          throw nothingRead();
        }
        findings.sort(WORST_FIRST);
        summary =
            new AnalysisSummary(settings, isForecast(), run.observedAt())
                .write(progress, findings, memory.closed(), missing(collections), reportKey);
        report.finish(progress, findings, memory.closed(), summary);
      }
      staged.commit();
      remember(inLedger, memory.after());
      return new Result(analysis, capped(summary), reportKey, summary);
    } catch (JacksonException e) {
      throw new RetryableFailureException(
          "report '%s' could not be written: %s".formatted(reportKey, JsonMistake.describe(e)), e);
    }
  }

  private boolean isForecast() {
    return analysis.equals(AnalyzeMetrics.FORECAST);
  }

  private Set<MetricType> types(List<CollectionOutcome> collections) {
    Set<MetricType> types = new LinkedHashSet<>();
    for (CollectionOutcome collection : collections) {
      for (CollectedObject object : collection.objects()) {
        String name = object.metricType();
        if (!MetricType.isValid(name)) {
          throw new InvalidRequestException(
              "metric type '%s' of object '%s' is not valid: name the type of what is in it"
                  .formatted(AnalysisSummary.cut(name), AnalysisSummary.cut(object.key())));
        }
        MetricType type = new MetricType(name);
        if (!isForecast() || settings.capacities().containsKey(type)) {
          types.add(type);
        }
      }
    }
    return types;
  }

  private static List<String> missing(List<CollectionOutcome> collections) {
    List<String> missing = new ArrayList<>();
    for (CollectionOutcome collection : collections) {
      if (collection.objects().isEmpty()) {
        String type = collection.metricType() == null ? "unnamed" : collection.metricType();
        String status = collection.status() == null ? "no status" : collection.status();
        missing.add(AnalysisSummary.cut(type, 64) + " (" + AnalysisSummary.cut(status, 20) + ")");
      }
    }
    return missing;
  }

  /** What an earlier try of this very run started from, if there was one and it got so far. */
  private Optional<List<OpenFinding>> firstTry(String reportKey) {
    Optional<StoredObject> earlier = reports.open(reportKey, deadline);
    if (earlier.isEmpty()) {
      return Optional.empty();
    }
    try (StoredObject report = earlier.get()) {
      return AnalysisReportReader.openBefore(report.body(), run.runId());
    } catch (JacksonIOException e) {
      throw new RetryableFailureException(
          "report '%s' could not be read: %s".formatted(reportKey, JsonMistake.describe(e)), e);
    } catch (JacksonException | DateTimeParseException e) {
      // Not a report of ours; it is about to be replaced by one.
      LOG.warn("object '{}' is not a readable report and is replaced", reportKey, e);
      return Optional.empty();
    }
  }

  private void judgeAll(Set<MetricType> types, AnalysisMemory memory, AnalysisReport report) {
    Set<MetricType> listed = new TreeSet<>();
    List<KnownSeries> all = new ArrayList<>();
    for (MetricType type : types) {
      list(type)
          .ifPresent(
              series -> {
                listed.add(type);
                all.addAll(series);
              });
    }
    // Where the time is never enough for all, it is not always the same ones that go short.
    if (!all.isEmpty()) {
      // Seeded, since the seconds themselves are multiples of the schedule's period.
      SplittableRandom turn = new SplittableRandom(run.observedAt().getEpochSecond());
      Collections.rotate(all, turn.nextInt(all.size()));
    }
    Set<String> unread = new HashSet<>();
    Set<MetricType> silent = new TreeSet<>(listed);
    for (int i = 0; i < all.size(); i++) {
      if (readingDeadline.hasPassed()) {
        List<KnownSeries> rest = all.subList(i, all.size());
        progress.skipped(rest.size());
        rest.forEach(
            known -> {
              unread.add(known.series().id());
              silent.remove(known.series().type());
            });
        break;
      }
      Series series = all.get(i).series();
      Look look = judge(all.get(i), memory, report);
      if (look == Look.UNREAD) {
        unread.add(series.id());
      }
      if (look != Look.SILENT) {
        silent.remove(series.type());
      }
    }
    silent.forEach(progress::silent);
    memory.finish(listed, unread);
  }

  private Optional<List<KnownSeries>> list(MetricType type) {
    if (readingDeadline.hasPassed()) {
      progress.skipped(type);
      return Optional.empty();
    }
    try {
      return Optional.of(history.series(type, seenSince(), readingDeadline));
    } catch (RuntimeException e) {
      if (readingDeadline.hasPassed()) {
        LOG.info("series of '{}' were not listed in time", type, e);
        progress.skipped(type);
      } else {
        LOG.warn("series of '{}' could not be listed", type, e);
        progress.failed(type.name(), e);
      }
      return Optional.empty();
    }
  }

  private Instant seenSince() {
    return run.observedAt().minus(settings.seenWithin());
  }

  /** What came of looking at a series; silent is one that reported before the time of interest. */
  private enum Look {
    JUDGED,
    SILENT,
    UNREAD
  }

  private Look judge(KnownSeries known, AnalysisMemory memory, AnalysisReport report) {
    Judged judged;
    try {
      SeriesHistory points =
          new SeriesHistory(
              known.series(),
              known.unit(),
              history.points(
                  known.series(),
                  run.observedAt().minus(settings.historySpan()),
                  run.observedAt(),
                  settings.historyPoints(),
                  readingDeadline));
      Optional<Forecast> forecast = isForecast() ? forecaster.forecast(points) : Optional.empty();
      judged =
          new Judged(
              SeriesSummary.of(points),
              forecast,
              isForecast()
                  ? forecast.flatMap(told -> forecaster.finding(points, told)).stream().toList()
                  : detectors.stream().flatMap(one -> one.detect(points).stream()).toList());
    } catch (RuntimeException e) {
      if (readingDeadline.hasPassed()) {
        LOG.info("series '{}' was not read in time", known.series(), e);
        progress.skipped(1);
      } else {
        LOG.warn("series '{}' could not be analysed", known.series(), e);
        progress.failed(known.series().id(), e);
      }
      return Look.UNREAD;
    }
    // Outside the try: a failing report is no failure of this series.
    if (judged.summary().isEmpty()) {
      progress.empty();
      return Look.UNREAD;
    }
    if (judged.summary().get().to().isBefore(seenSince())) {
      return Look.SILENT;
    }
    progress.read();
    judged.forecast().ifPresent(forecast -> progress.forecast(forecast.outcome()));
    report.series(known, judged.summary().get(), judged.forecast());
    findings.addAll(memory.track(known.series(), judged.episodes()));
    return Look.JUDGED;
  }

  private RetryableFailureException nothingRead() {
    AnalysisProgress.Failure first = progress.failures().get(0);
    return new RetryableFailureException(
        "no series could be read for analysis '%s', first '%s': %s"
            .formatted(analysis, first.what(), first.reason()),
        progress.firstCause());
  }

  private void remember(List<OpenFinding> inLedger, List<OpenFinding> after) {
    // A run that is repeated late must not overwrite what a newer one remembers.
    boolean newerRunWasHere =
        inLedger.stream().anyMatch(open -> open.start().isAfter(run.observedAt()));
    if (newerRunWasHere) {
      LOG.info("open findings of '{}' are left as a newer run made them", analysis);
      return;
    }
    ledger.replaceOpenFindings(analysis, after, deadline);
  }

  private List<TrackedFinding> capped(String summary) {
    List<TrackedFinding> capped = new ArrayList<>();
    int bytes = ENVELOPE_BYTES + SeriesId.utf8Length(summary);
    for (TrackedFinding finding : findings) {
      bytes += AnalysisReport.bytes(finding) + 1;
      if (capped.size() == settings.maxFindings() || bytes > MAX_ANSWER_BYTES) {
        break;
      }
      capped.add(finding);
    }
    return capped;
  }

  private static List<OpenFinding> sorted(List<OpenFinding> findings) {
    return findings.stream()
        .sorted(
            Comparator.comparing(OpenFinding::seriesId)
                .thenComparing(OpenFinding::detector)
                .thenComparing(OpenFinding::start))
        .toList();
  }

  private record Judged(
      Optional<SeriesSummary> summary, Optional<Forecast> forecast, List<Finding> episodes) {}
}
