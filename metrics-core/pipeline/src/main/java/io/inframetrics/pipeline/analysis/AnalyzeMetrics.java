package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Detector;
import io.inframetrics.detect.Finding;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reports what is unusual, or what will be full and when: the verb behind the workflow's two
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
 * <p><b>What it analyzes.</b> Every series with a recent point, of each type that the run collected
 * anything of: its newest points up to the run's observation time, and more of them in a small
 * fleet. {@code anomalies} runs the detectors; the built-in ones compare with fixed limits and with
 * what is usual for the series. {@code forecast} computes when a capacity is reached, for the types
 * that have one.
 *
 * <p>{@code anomalies} also reports series that stopped reporting ({@code stale}), and many series
 * that went wrong at once as one finding ({@code correlated}, of the series {@code type#*}), with
 * the single ones as its members. If a detector found several episodes in one series, it reports
 * the worst, with all of them as members. The report lists the members, the answer does not.
 *
 * <p><b>What it reports.</b> Findings, the worst first: some in the answer, all in the report at
 * {@code reports/yyyy/MM/dd/{analysis}-{run_id}.json}, by the date of the observation. The {@link
 * RunLedger} has what the run before reported, so that a finding that goes on is reported as {@link
 * State#STILL}, with its first start. An episode that began and ended since its series was last
 * analyzed is reported too, even if runs failed or skipped the series in between, as far back as
 * its history is read. A second try of the same run, from the same data, answers and writes exactly
 * the same.
 *
 * <p><b>What it leaves for a page.</b> Charts of the series beside the report, at {@code
 * charts-{run_id}.json} and {@code charts-forecast-{run_id}.json}: few values of each, whatever its
 * history, and of no more series than fit in some megabytes. Charts that cannot be stored are named
 * in the report and are no reason to fail.
 *
 * <p><b>What goes wrong.</b> A series or type that cannot be read is named and does not stop the
 * others. When the time is up, the rest is reported as skipped and its open findings stay open.
 * Each run starts with another series, so that none is skipped for long. Being slow is never a
 * failure.
 *
 * <p>Safe to use from several threads, for one run of an analysis at a time, as the ledger keeps
 * what the last one found.
 */
public final class AnalyzeMetrics {

  /** The analysis that finds what is unusual now. */
  public static final String ANOMALIES = "anomalies";

  /** The analysis that finds what will be full. */
  public static final String FORECAST = "forecast";

  /** The most reads at a time; with more, the store is the bottleneck. */
  public static final int MAX_READS = 256;

  final MetricHistory history;
  final RunLedger ledger;
  final DocumentStore reports;
  final AnalysisSettings settings;
  final Clock clock;
  final @Nullable List<Detector> ownDetectors;
  final Executor readers;
  final int reads;

  /**
   * The verb with the built-in detectors, which reads one series after another on the caller's
   * thread.
   *
   * @param clock gives the time of a run whose collections do not say when they observed, and tells
   *     whether a run is dated in the future
   */
  public AnalyzeMetrics(
      MetricHistory history,
      RunLedger ledger,
      DocumentStore reports,
      AnalysisSettings settings,
      Clock clock) {
    this.history = history;
    this.ledger = ledger;
    this.reports = reports;
    this.settings = settings;
    this.clock = clock;
    this.ownDetectors = null;
    this.readers = Runnable::run;
    this.reads = 1;
  }

  private AnalyzeMetrics(
      AnalyzeMetrics other, @Nullable List<Detector> own, Executor readers, int reads) {
    this.history = other.history;
    this.ledger = other.ledger;
    this.reports = other.reports;
    this.settings = other.settings;
    this.clock = other.clock;
    this.ownDetectors = own;
    this.readers = readers;
    this.reads = reads;
  }

  /**
   * The same verb with detectors of your own in place of the built-in ones for anomalies; each
   * needs a name of its own in its findings.
   */
  public AnalyzeMetrics withDetectors(List<Detector> own) {
    return new AnalyzeMetrics(this, List.copyOf(own), readers, reads);
  }

  /**
   * The same verb that reads some series ahead while it judges, for stores that are far away. What
   * it finds is the same, in the same order; it holds at most {@code count} series at a time.
   *
   * @param executor runs the reads; the caller's to shut down
   * @param count of reads at a time, 1 to {@value #MAX_READS}
   * @throws IllegalArgumentException if {@code count} is out of range
   */
  public AnalyzeMetrics readingAhead(Executor executor, int count) {
    if (count < 1 || count > MAX_READS) {
      throw new IllegalArgumentException(
          "%d reads at a time is not valid: use 1 to %d".formatted(count, MAX_READS));
    }
    return new AnalyzeMetrics(this, ownDetectors, executor, count);
  }

  /**
   * The findings of one analysis, after its report is written.
   *
   * @param deadline of the answer; a quarter of the time left, at most five seconds, is kept for
   *     the report
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
    return new AnalysisRun(this, analysis, run(request.runId(), observedAt), deadline)
        .execute(request.collections());
  }

  /**
   * Where the report of an analysis is stored.
   *
   * @hidden
   */
  public static String reportKey(String analysis, String runId, Instant observedAt) {
    return AnalysisReport.key(analysis, runId, observedAt);
  }

  /**
   * Where {@link #ANOMALIES} stores the charts of the series that it read.
   *
   * @hidden
   */
  public static String chartsKey(String runId, Instant observedAt) {
    return AnalysisReport.key("charts", runId, observedAt);
  }

  /**
   * Where {@link #FORECAST} stores the charts of what will be full.
   *
   * @hidden
   */
  public static String forecastChartsKey(String runId, Instant observedAt) {
    return AnalysisReport.key("charts-" + FORECAST, runId, observedAt);
  }

  /**
   * The summary of an analysis without the lines of its findings, for a report that orders the
   * findings of all analyses.
   *
   * @hidden
   */
  public static String withoutFindings(String summary) {
    return AnalysisSummary.withoutFindings(summary);
  }

  private static CollectionRun run(@Nullable String runId, Instant observedAt) {
    if (runId == null) {
      throw new InvalidRequestException(
          "run_id is missing: give the id of the run whose collections are to be analyzed");
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
    /** Not reported before. */
    NEW,
    /** Reported before, and still going on. */
    STILL
  }

  /**
   * A finding as it is reported.
   *
   * @param finding its start is the first that was reported
   * @param members findings that this one stands for, the worst first: of many series at once, or
   *     of one series again and again; none if it stands for itself
   */
  public record TrackedFinding(State state, Finding finding, List<TrackedFinding> members) {

    /** By severity, then by impact; what is equal in both by name and time. */
    static final Comparator<TrackedFinding> WORST_FIRST =
        Comparator.comparing((TrackedFinding tracked) -> tracked.finding.severity())
            .reversed()
            .thenComparing(tracked -> -tracked.finding.excess())
            .thenComparing(tracked -> tracked.finding.series())
            .thenComparing(tracked -> tracked.finding.detector())
            .thenComparing(tracked -> tracked.finding.start());

    public TrackedFinding {
      members = members.stream().sorted(WORST_FIRST).toList();
    }

    TrackedFinding(Finding finding) {
      this(State.NEW, finding, List.of());
    }

    TrackedFinding still(Instant first) {
      return new TrackedFinding(State.STILL, finding.startingAt(first), members);
    }

    Series series() {
      return finding.series();
    }
  }

  /**
   * What was found. As the functions' JSON it stays below 8 KB: where series have long names, there
   * are fewer findings than the settings allow.
   *
   * @param findings the worst first; the report has all
   * @param reportKey of the complete report
   * @param summary plain text for an operator, lines separated by line feeds, within its limit of
   *     bytes
   */
  public record Result(
      String analysis, List<TrackedFinding> findings, String reportKey, String summary) {

    public Result {
      findings = List.copyOf(findings);
    }
  }
}
