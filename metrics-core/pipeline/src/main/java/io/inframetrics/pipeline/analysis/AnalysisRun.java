package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Detector;
import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Forecast;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.SeriesSummary;
import io.inframetrics.detect.forecast.ForecastDetector;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Result;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.RunLedger.OpenFinding;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
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

  /** What of a turn is left over when whole turns are taken off: see {@link #turned}. */
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final MetricHistory history;
  private final RunLedger ledger;
  private final DocumentStore reports;
  private final AnalysisSettings settings;
  private final List<Detector> detectors;
  private final Executor readers;
  private final int reads;
  private final ForecastDetector forecaster;
  private final String analysis;
  private final CollectionRun run;
  private final Instant now;
  private final Deadline deadline;
  private final Deadline readingDeadline;
  private final AnalysisProgress progress = new AnalysisProgress();

  AnalysisRun(
      MetricHistory history,
      RunLedger ledger,
      DocumentStore reports,
      AnalysisSettings settings,
      List<Detector> detectors,
      Executor readers,
      int reads,
      String analysis,
      CollectionRun run,
      Instant now,
      Deadline deadline) {
    this.history = history;
    this.ledger = ledger;
    this.reports = reports;
    this.settings = settings;
    this.detectors = detectors;
    this.readers = readers;
    this.reads = reads;
    this.forecaster = new ForecastDetector(settings.capacities(), settings.horizon());
    this.analysis = analysis;
    this.run = run;
    this.now = now;
    this.deadline = deadline;
    Duration quarter = deadline.remaining().dividedBy(4);
    this.readingDeadline = deadline.earlierBy(quarter.compareTo(RESERVE) < 0 ? quarter : RESERVE);
  }

  Result execute(List<CollectionResult> collections) {
    Set<MetricType> types = AnalysisScope.types(collections);
    boolean collected = !types.isEmpty();
    if (isForecast()) {
      types.retainAll(settings.capacities().keySet());
    }
    String reportKey = AnalysisReport.key(analysis, run.runId(), run.observedAt());
    List<OpenFinding> inLedger = ledger.openFindings(analysis, deadline);
    List<OpenFinding> openBefore = sorted(firstTry(reportKey).orElse(inLedger));
    AnalysisFindings findings = new AnalysisFindings(openBefore, run, settings.window());

    try (StagedObject<String> staged = reports.create(reportKey, deadline)) {
      String summary;
      try (AnalysisReport report =
          AnalysisReport.start(
              staged.body(), analysis, run.runId(), run.observedAt(), openBefore, collections)) {
        judgeAll(types, findings, report);
        if (progress.nothingCouldBeRead()) {
          throw nothingRead();
        }
        summary =
            new AnalysisSummary(
                    settings, isForecast(), collected && types.isEmpty(), run.observedAt())
                .write(progress, findings, AnalysisScope.missing(collections), reportKey);
        report.finish(progress, findings, summary);
      }
      staged.commit();
      remember(inLedger, findings.after());
      return new Result(analysis, capped(findings, summary), reportKey, summary);
    } catch (JacksonException e) {
      throw new RetryableFailureException(
          "report '%s' could not be written: %s".formatted(reportKey, Texts.jsonMistake(e)), e);
    }
  }

  private boolean isForecast() {
    return analysis.equals(AnalyzeMetrics.FORECAST);
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
          "report '%s' could not be read: %s".formatted(reportKey, Texts.jsonMistake(e)), e);
    } catch (JacksonException | DateTimeParseException e) {
      // Not a report of ours; it is about to be replaced by one.
      LOG.warn("object '{}' is not a readable report and is replaced", reportKey, e);
      return Optional.empty();
    }
  }

  private void judgeAll(Set<MetricType> types, AnalysisFindings findings, AnalysisReport report) {
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
    turned(all);
    Set<String> unread = new HashSet<>();
    int points = settings.pointsOf(all.size());
    try (ReadAhead ahead =
        new ReadAhead(all, known -> points(known, points), readingDeadline, readers, reads)) {
      for (KnownSeries known : all) {
        if (readingDeadline.hasPassed()) {
          progress.skipped(known.series());
          unread.add(known.series().id());
        } else if (!judge(known, ahead, findings, report)) {
          unread.add(known.series().id());
        }
      }
    }
    listed.stream()
        .filter(type -> all.stream().noneMatch(known -> isUnread(known, type, unread)))
        .filter(type -> !progress.readByType().containsKey(type))
        .forEach(progress::silent);
    if (!isForecast()) {
      findings.relate(progress.readByType());
    }
    findings.finish(listed, unread);
  }

  private static boolean isUnread(KnownSeries known, MetricType type, Set<String> unread) {
    return known.series().type().equals(type) && unread.contains(known.series().id());
  }

  /**
   * Where the time is never enough for all, it is not always the same ones that go short: each run
   * starts elsewhere. Starts that follow one another by the golden ratio of the whole spread more
   * evenly than any others, so where a run has time for one in n, a series is looked at once in 2 n
   * runs or so, and nobody needs to remember where the last one stopped.
   */
  private void turned(List<KnownSeries> all) {
    long number = Math.floorDiv(run.observedAt().toEpochMilli(), settings.window().toMillis());
    double turn = number * GOLDEN;
    Collections.rotate(all, -(int) ((turn - Math.floor(turn)) * all.size()));
  }

  private List<Point> points(KnownSeries known, int limit) {
    return history.points(
        known.series(),
        run.observedAt().minus(settings.historySpan()),
        run.observedAt(),
        limit,
        readingDeadline);
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
        progress.failed(type, e);
      }
      return Optional.empty();
    }
  }

  /** Whether it is known what there is to tell of the series. */
  private boolean judge(
      KnownSeries known, ReadAhead ahead, AnalysisFindings findings, AnalysisReport report) {
    SeriesHistory points;
    Judged judged;
    try {
      points = new SeriesHistory(known.series(), known.unit(), ahead.next());
      judged = judge(points);
    } catch (RuntimeException e) {
      if (readingDeadline.hasPassed()) {
        LOG.info("series '{}' was not read in time", known.series(), e);
        progress.skipped(known.series());
      } else {
        LOG.warn("series '{}' could not be analysed", known.series(), e);
        progress.failed(known.series(), e);
      }
      return false;
    }
    // Outside the try: a failing report is no failure of this series.
    if (judged.summary().isEmpty()) {
      progress.empty();
      return false;
    }
    if (judged.summary().get().to().isBefore(seenSince())) {
      // A store may list what was last seen a little earlier than asked for.
      return true;
    }
    progress.read(known.series().type());
    judged.forecast().ifPresent(forecast -> progress.forecast(forecast.outcome()));
    report.series(known, judged.summary().get(), judged.forecast());
    findings.add(points, judged.episodes());
    return true;
  }

  private Judged judge(SeriesHistory points) {
    if (!isForecast()) {
      return new Judged(
          SeriesSummary.of(points),
          Optional.empty(),
          detectors.stream().flatMap(one -> one.detect(points).stream()).toList());
    }
    Optional<Forecast> forecast = forecaster.forecast(points);
    return new Judged(
        SeriesSummary.of(points),
        forecast,
        forecast.flatMap(told -> forecaster.finding(points, told)).stream().toList());
  }

  private Instant seenSince() {
    return run.observedAt().minus(settings.seenWithin());
  }

  private RetryableFailureException nothingRead() {
    AnalysisProgress.Failure first = progress.failures().get(0);
    return new RetryableFailureException(
        "no series could be read for analysis '%s', first '%s': %s"
            .formatted(analysis, first.what(), first.reason()),
        progress.firstCause());
  }

  private void remember(List<OpenFinding> inLedger, List<OpenFinding> after) {
    // A run that is repeated late must not overwrite what a newer one remembers. One that is dated
    // in the future was none.
    boolean newerRunWasHere =
        inLedger.stream()
            .map(OpenFinding::start)
            .anyMatch(start -> start.isAfter(run.observedAt()) && !start.isAfter(now));
    if (newerRunWasHere) {
      LOG.info("open findings of '{}' are left as a newer run made them", analysis);
      return;
    }
    ledger.replaceOpenFindings(analysis, after, deadline);
  }

  private List<TrackedFinding> capped(AnalysisFindings findings, String summary) {
    List<TrackedFinding> capped = new ArrayList<>();
    int bytes = ENVELOPE_BYTES + SeriesId.utf8Length(summary);
    for (Incident incident : findings.incidents()) {
      bytes += AnalysisReport.bytes(incident.finding()) + 1;
      if (capped.size() == settings.maxFindings() || bytes > MAX_ANSWER_BYTES) {
        break;
      }
      capped.add(incident.finding());
    }
    return capped;
  }

  private static List<OpenFinding> sorted(List<OpenFinding> findings) {
    return findings.stream().sorted(AnalysisMemory.ORDER).toList();
  }

  private record Judged(
      Optional<SeriesSummary> summary, Optional<Forecast> forecast, List<Finding> episodes) {}
}
