package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Detector;
import io.inframetrics.detect.Finding;
import io.inframetrics.detect.anomaly.AnomalyDetector;
import io.inframetrics.detect.threshold.ThresholdDetector;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is unusual, or what will be full and when: the verb behind the workflow's two
 * analytics branches.
 *
 * <pre>{@code
 * AnalyzeMetrics analyze =
 *     new AnalyzeMetrics(history, ledger, reports, AnalysisSettings.DEFAULTS, Clock.systemUTC());
 * AnalyzeMetrics.Result result =
 *     analyze.analyze(new AnalyzeMetrics.Request("anomalies", runId, collections), deadline);
 * System.out.println(result.summary());
 * }</pre>
 *
 * <p><b>What it looks at.</b> Every series, seen lately, of every type of which the run collected
 * something; its newest points up to the run's observation time. {@code anomalies} runs the
 * detectors (fixed limits and what is unusual for the series, if not told otherwise), {@code
 * forecast} asks when a capacity is reached and looks at the types that have one. A small fleet is
 * looked at with more of its past.
 *
 * <p>{@code anomalies} also tells of series that stopped reporting ({@code stale}), and of many
 * series that went wrong at once as one finding ({@code correlated}, of the series {@code type#*});
 * the single ones stand under it in the report. So do the episodes of one detector in one series,
 * of which the worst is told.
 *
 * <p><b>What it tells.</b> Findings, the worst first, capped in the answer and complete in the
 * report, which goes to {@code reports/yyyy/MM/dd/{analysis}-{run_id}.json} by the date of the
 * observation. The {@link RunLedger} knows what the run before told, so that an incident that goes
 * on is told as "still", with its first start. What began and ended since the last look at a series
 * is told too, though runs failed or skipped it in between, as far back as its history is read. A
 * second try of the same run, from the same data, tells and writes the very same.
 *
 * <p><b>What goes wrong.</b> A series or type that cannot be read is named and does not stop the
 * others. When the time is up, the rest is told as skipped; its open findings stay open, and each
 * run starts elsewhere, so that no series goes short for long. Being slow is never a failure.
 *
 * <p>Safe to use from several threads; one run of one analysis at a time, as the ledger keeps what
 * the last one found.
 */
public final class AnalyzeMetrics {

  /** The analysis that finds what is unusual now. */
  public static final String ANOMALIES = "anomalies";

  /** The analysis that finds what will be full. */
  public static final String FORECAST = "forecast";

  /** Reads at a time; more of them wait for the store, not for us. */
  public static final int MAX_READS = 256;

  private final MetricHistory history;
  private final RunLedger ledger;
  private final DocumentStore reports;
  private final AnalysisSettings settings;
  private final List<Detector> detectors;
  private final Clock clock;
  private final Executor readers;
  private final int reads;

  /** The verb with the built-in detectors. */
  public AnalyzeMetrics(
      MetricHistory history,
      RunLedger ledger,
      DocumentStore reports,
      AnalysisSettings settings,
      Clock clock) {
    this(
        history,
        ledger,
        reports,
        settings,
        List.of(
            new ThresholdDetector(settings.thresholds()), new AnomalyDetector(settings.anomaly())),
        clock);
  }

  /**
   * The verb with detectors of your own.
   *
   * @param detectors of anomalies, in place of the built-in ones; each with a name of its own in
   *     its findings
   * @param clock the time that stands in where no collection says when it observed, and by which a
   *     run that is dated in the future is known
   */
  public AnalyzeMetrics(
      MetricHistory history,
      RunLedger ledger,
      DocumentStore reports,
      AnalysisSettings settings,
      List<Detector> detectors,
      Clock clock) {
    this(history, ledger, reports, settings, detectors, clock, Runnable::run, 1);
  }

  private AnalyzeMetrics(
      MetricHistory history,
      RunLedger ledger,
      DocumentStore reports,
      AnalysisSettings settings,
      List<Detector> detectors,
      Clock clock,
      Executor readers,
      int reads) {
    this.history = history;
    this.ledger = ledger;
    this.reports = reports;
    this.settings = settings;
    this.detectors = List.copyOf(detectors);
    this.clock = clock;
    this.readers = readers;
    this.reads = reads;
  }

  /**
   * The same verb that reads series ahead while it judges, for stores that are far away. What it
   * finds is the same, in the same order; no more than {@code reads} series are held at a time.
   * Without, it reads one series after another on the caller's thread.
   *
   * @param executor runs the reads; the caller's to shut down
   * @param reads at a time, 1 to {@value #MAX_READS}
   * @throws IllegalArgumentException if {@code reads} is out of range
   */
  public AnalyzeMetrics readingAhead(Executor executor, int reads) {
    if (reads < 1 || reads > MAX_READS) {
      throw new IllegalArgumentException(
          "%d reads at a time are not valid: use 1 to %d".formatted(reads, MAX_READS));
    }
    return new AnalyzeMetrics(
        history, ledger, reports, settings, detectors, clock, executor, reads);
  }

  /**
   * Runs one analysis.
   *
   * @param deadline of the answer; a part of what is left, at most five seconds, is kept for the
   *     report
   * @throws InvalidRequestException if the analysis is not known, or the request makes no sense
   * @throws RetryableFailureException if nothing at all could be read, or the report or the ledger
   *     could not be written or read now
   */
  public Result analyze(Request request, Deadline deadline) {
    String analysis = request.analysis();
    if (analysis == null || !List.of(ANOMALIES, FORECAST).contains(analysis)) {
      throw new InvalidRequestException(
          "analysis '%s' is not known: use '%s' or '%s'"
              .formatted(AnalysisSummary.cut(String.valueOf(analysis)), ANOMALIES, FORECAST));
    }
    Instant observedAt =
        request.collections().stream()
            .map(CollectionResult::observedAt)
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElseGet(clock::instant);
    CollectionRun run = run(request.runId(), observedAt);
    return new AnalysisRun(
            history,
            ledger,
            reports,
            settings,
            detectors,
            readers,
            reads,
            analysis,
            run,
            clock.instant(),
            deadline)
        .execute(request.collections());
  }

  private static CollectionRun run(@Nullable String runId, Instant observedAt) {
    if (runId == null) {
      throw new InvalidRequestException(
          "run_id is missing: give the id of the run whose collections are analysed");
    }
    try {
      return new CollectionRun(runId, observedAt);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * What to analyse.
   *
   * @param analysis {@value #ANOMALIES} or {@value #FORECAST}
   * @param runId 1 to 128 printable ASCII characters
   * @param collections what the branches of the run answered, failed ones included; copied
   */
  public record Request(
      @Nullable String analysis, @Nullable String runId, List<CollectionResult> collections) {

    public Request {
      collections = List.copyOf(collections);
    }
  }

  /** How a finding relates to the run before. */
  public enum State {
    /** Not told before. */
    NEW,
    /** Told before, and still going on. */
    STILL
  }

  /**
   * A finding as it is told.
   *
   * @param finding its start is the first that was told
   */
  public record TrackedFinding(State state, Finding finding) {}

  /**
   * What was found. As JSON it stays below 8 KB: where series have long names, there are fewer
   * findings than the settings allow.
   *
   * @param analysis that was asked for
   * @param findings the worst first; the report has all
   * @param reportKey of the complete report
   * @param summary plain text for an operator, lines parted by a line feed, within its limit of
   *     bytes
   */
  public record Result(
      String analysis, List<TrackedFinding> findings, String reportKey, String summary) {

    public Result {
      findings = List.copyOf(findings);
    }
  }
}
