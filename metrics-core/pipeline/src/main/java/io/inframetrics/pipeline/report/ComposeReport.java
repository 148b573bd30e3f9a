package io.inframetrics.pipeline.report;

import io.inframetrics.detect.Severity;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.analysis.Mute;
import io.inframetrics.pipeline.health.CheckPipelineHealth;
import io.inframetrics.pipeline.report.ReportedFinding.Identity;
import io.inframetrics.pipeline.report.RunReport.Muted;
import io.inframetrics.pipeline.report.RunReport.Stored;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.text.SubjectLine;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.io.OutputStream;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;

/**
 * Says what people are notified of after a run: the worst finding of all analyses, whether anything
 * changed since the run before, and how the run did.
 *
 * <p><b>What it reports.</b> The findings in the reports of the analyses: those that continue, and
 * those that came and went since the run before, because no other run reports these. A finding of
 * the run before that was not analyzed now stays open. Findings that a {@link Mute} covers at the
 * run's observation time are only listed as muted.
 *
 * <p><b>What it writes.</b> The report of the run at {@code
 * reports/yyyy/MM/dd/report-{run_id}.json}, and the same at {@value #LATEST}, unless a newer run
 * was there. The report has what it was compared with, so a second try of the same run answers the
 * same, although the newest report is then its own. With {@link #withPage}, also a page for people,
 * at {@link #pageKey}; a page that cannot be written is no reason not to notify, and the summary
 * says so.
 *
 * <p>Thread-safe, for one run at a time.
 */
public final class ComposeReport {

  /** The name of this in a request and in keys. */
  public static final String REPORT = "report";

  /** The key of the report of the newest run. */
  public static final String LATEST = "reports/latest.json";

  private static final String HEALTHY = CheckPipelineHealth.Status.HEALTHY.name();
  private static final String DEGRADED = CheckPipelineHealth.Status.DEGRADED.name();

  private static final Logger LOG = LoggerFactory.getLogger(ComposeReport.class);

  /** Time kept for what comes after the page, at most a quarter of what is left. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private static final int MAX_REASON_LENGTH = 200;

  private final DocumentStore reports;
  private final AnalysisSettings.Reporting settings;
  private final Clock clock;
  private final @Nullable Page page;

  /** Reads and writes {@code reports}; the clock tells whether a run is dated in the future. */
  public ComposeReport(DocumentStore reports, AnalysisSettings settings, Clock clock) {
    this(reports, settings.reporting(), clock, null);
  }

  private ComposeReport(
      DocumentStore reports,
      AnalysisSettings.Reporting settings,
      Clock clock,
      @Nullable Page page) {
    this.reports = reports;
    this.settings = settings;
    this.clock = clock;
    this.page = page;
  }

  /**
   * The same, which writes a page, too, and ends the summary with a link to it.
   *
   * @param link makes a key what people open, such as an address
   */
  public ComposeReport withPage(PageWriter writer, UnaryOperator<String> link) {
    return new ComposeReport(reports, settings, clock, new Page(writer, link));
  }

  /** Where the page of a run is stored. */
  public static String pageKey(String runId, Instant observedAt) {
    return AnalyzeMetrics.reportKey(REPORT, runId, observedAt).replaceFirst("json$", "html");
  }

  /**
   * What to report.
   *
   * @param runId 1 to 128 printable ASCII characters
   * @param observedAt the observation time of the run
   * @param status of the run, as the health check answered
   * @param subject likewise
   * @param summary likewise
   * @param health what else it answered; null if that is not known
   * @param analyses what they answered; copied
   */
  public record Request(
      String runId,
      Instant observedAt,
      String status,
      String subject,
      String summary,
      @Nullable Health health,
      List<Analysis> analyses) {

    public Request {
      analyses = List.copyOf(analyses);
    }

    /** The same where only the texts of the health check are known. */
    public Request(
        String runId,
        Instant observedAt,
        String status,
        String subject,
        String summary,
        List<Analysis> analyses) {
      this(runId, observedAt, status, subject, summary, null, analyses);
    }
  }

  /**
   * What the health check found.
   *
   * @param expected raw files that were written
   * @param processed those of them that are processed
   * @param missing keys of those that are not
   * @param failedBranches types whose branch failed
   */
  public record Health(
      int expected,
      int processed,
      List<String> missing,
      List<String> failedBranches,
      List<CheckPipelineHealth.Check> checks) {

    public Health {
      missing = List.copyOf(missing);
      failedBranches = List.copyOf(failedBranches);
      checks = List.copyOf(checks);
    }
  }

  /**
   * The answer of an analysis.
   *
   * @param reportKey empty if the analysis failed
   */
  public record Analysis(String name, String reportKey, String summary) {}

  /**
   * What people are notified of.
   *
   * @param subject at most {@value SubjectLine#MAX_LENGTH} printable ASCII characters
   * @param summary at most as many UTF-8 bytes as the settings allow
   * @param severity of the worst finding; null if there are none
   * @param changed whether anything is different from the run before
   * @param newFindings that the run before did not report
   * @param reportKey of the complete report
   * @param findings by severity, without those that are muted
   */
  public record Result(
      String subject,
      String summary,
      @Nullable Severity severity,
      boolean changed,
      long newFindings,
      String reportKey,
      Map<Severity, Long> findings) {

    public Result {
      findings = Map.copyOf(findings);
    }

    /** How many findings have this severity. */
    public long findings(Severity of) {
      return findings.getOrDefault(of, 0L);
    }

    /** {@code none}, {@code info}, {@code warning} or {@code critical}. */
    public String severityWord() {
      return severity == null ? "none" : severity.name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The report of a run, after it is written.
   *
   * @throws InvalidRequestException if the request makes no sense, or the report of an analysis
   *     does not exist
   * @throws RetryableFailureException if a report could not be read or written now
   */
  public Result compose(Request request, Deadline deadline) {
    Instant observedAt = run(request).observedAt();
    String key = AnalyzeMetrics.reportKey(REPORT, request.runId(), observedAt);
    Optional<Stored> own = stored(key, deadline);
    Optional<Stored> latest = stored(LATEST, deadline);
    RunReport before = before(request.runId(), own.isPresent() ? own : latest);

    List<AnalysisOutcome> outcomes =
        request.analyses().stream().map(one -> outcome(one, deadline)).toList();
    List<ReportedFinding> all = new ArrayList<>();
    outcomes.forEach(outcome -> all.addAll(outcome.findings()));
    if (before != null) {
      for (ReportedFinding earlier : before.findings()) {
        if (outcomes.stream().anyMatch(outcome -> outcome.mayGoOn(earlier))) {
          all.add(earlier.notAnalyzed());
        }
      }
    }
    all.sort(ReportedFinding.WORST_FIRST);
    List<ReportedFinding> delivered = new ArrayList<>();
    List<Muted> muted = new ArrayList<>();
    for (ReportedFinding finding : all) {
      settings.mutes().stream()
          .filter(mute -> mute.covers(finding.seriesId(), observedAt))
          .findFirst()
          .ifPresentOrElse(
              mute -> muted.add(new Muted(finding, mute)), () -> delivered.add(finding));
    }
    List<String> failed =
        outcomes.stream().filter(AnalysisOutcome::failed).map(AnalysisOutcome::analysis).toList();
    Request run = failed.isEmpty() ? request : degraded(request, failed);
    RunReport report = new RunReport(request.runId(), observedAt, run.status(), failed, delivered);
    Set<Identity> isNew = report.newSince(before);
    Map<String, String> keys = new HashMap<>();
    request.analyses().forEach(one -> keys.put(one.name(), one.reportKey()));
    Function<String, Result> resultWith =
        lastLine ->
            new Result(
                ReportText.subject(delivered, run.subject()),
                ReportText.summary(
                    report,
                    isNew,
                    muted,
                    run.summary(),
                    request.analyses().stream().map(Analysis::summary).toList(),
                    "Report: " + key + lastLine,
                    settings.maxSummaryBytes()),
                delivered.isEmpty() ? null : delivered.get(0).severity(),
                report.changedSince(before, muted),
                isNew.size(),
                key,
                bySeverity(delivered));
    Function<Result, Consumer<OutputStream>> contentOf =
        result ->
            out ->
                report.write(
                    out, result, request.status(), request.health(), muted, outcomes, keys, before);

    String pageKey = pageKey(request.runId(), observedAt);
    Result result = resultWith.apply(page == null ? "" : "\nPage: " + page.link().apply(pageKey));
    write(key, contentOf.apply(result), deadline);
    if (page != null) {
      String problem = writePage(page.writer(), request, key, pageKey, deadline);
      if (problem != null) {
        // What is stored is what people are told.
        result = resultWith.apply("\nThis run has no page: " + problem);
        write(key, contentOf.apply(result), deadline);
      }
    }
    if (latest.isPresent() && isNewer(latest.get().report(), observedAt)) {
      LOG.info("a newer run has written '{}': this run leaves it unchanged", LATEST);
    } else {
      write(LATEST, contentOf.apply(result), deadline);
    }
    return result;
  }

  /** Returns why there is no page, or null if there is one. */
  private @Nullable String writePage(
      PageWriter writer, Request request, String reportKey, String pageKey, Deadline deadline) {
    Duration quarter = deadline.remaining().dividedBy(4);
    Deadline ofPage = deadline.earlierBy(quarter.compareTo(RESERVE) < 0 ? quarter : RESERVE);
    try (StagedObject<String> staged = reports.create(pageKey, ofPage)) {
      writer.write(request.runId(), request.observedAt(), reportKey, staged.body(), ofPage);
      staged.commit();
      return null;
    } catch (RuntimeException | LinkageError e) {
      // A jar that is missing, too, must not keep anybody from being notified.
      LOG.warn("page '{}' could not be written", pageKey, e);
      return Texts.oneLine(Texts.describe(e), MAX_REASON_LENGTH);
    }
  }

  /** A run is not healthy if nobody knows what it should have found. */
  private static Request degraded(Request request, List<String> failed) {
    if (!request.status().equals(HEALTHY)) {
      return request;
    }
    return new Request(
        request.runId(),
        request.observedAt(),
        DEGRADED,
        "InfraMetrics %s: %s failed, run %s"
            .formatted(DEGRADED, String.join(" and ", failed), request.runId()),
        request.summary().replaceFirst("^InfraMetrics " + HEALTHY, "InfraMetrics " + DEGRADED),
        request.health(),
        request.analyses());
  }

  private void write(String key, Consumer<OutputStream> content, Deadline deadline) {
    try (StagedObject<String> staged = reports.create(key, deadline)) {
      content.accept(staged.body());
      staged.commit();
    } catch (JacksonException e) {
      throw new RetryableFailureException(
          "report '%s' could not be written: %s".formatted(key, Texts.jsonMistake(e)), e);
    }
  }

  private static CollectionRun run(Request request) {
    try {
      return new CollectionRun(request.runId(), request.observedAt());
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }
  }

  /** What to compare with: what an earlier try of this run compared with, or the run before. */
  private static @Nullable RunReport before(String runId, Optional<Stored> stored) {
    if (stored.isEmpty()) {
      return null;
    }
    RunReport report = stored.get().report();
    return report.runId().equals(runId) ? stored.get().before() : report;
  }

  /** A run that is repeated late must not replace the report of a newer one. */
  private boolean isNewer(RunReport latest, Instant observedAt) {
    return latest.observedAt().isAfter(observedAt) && !latest.observedAt().isAfter(clock.instant());
  }

  private Optional<Stored> stored(String key, Deadline deadline) {
    Optional<StoredObject> object = reports.open(key, deadline);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    try (StoredObject report = object.get()) {
      return Optional.of(RunReport.read(report.body()));
    } catch (JacksonIOException e) {
      throw unreadable(key, e);
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      // Not a report of ours; it is about to be replaced by one.
      LOG.warn("object '{}' is not a readable report and is replaced", key, e);
      return Optional.empty();
    }
  }

  private AnalysisOutcome outcome(Analysis analysis, Deadline deadline) {
    if (analysis.reportKey().isEmpty()) {
      return AnalysisOutcome.failed(analysis.name());
    }
    StoredObject object =
        reports
            .open(analysis.reportKey(), deadline)
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        "report '%s' of analysis '%s' does not exist: give the report_key that the analysis answered"
                            .formatted(
                                Texts.oneLine(analysis.reportKey(), 200),
                                Texts.oneLine(analysis.name(), 100))));
    try (object) {
      return AnalysisOutcome.read(analysis.name(), object.body());
    } catch (JacksonException e) {
      throw unreadable(analysis.reportKey(), e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new InvalidRequestException(
          "object '%s' is not the report of an analysis: %s"
              .formatted(analysis.reportKey(), e.getMessage()),
          e);
    }
  }

  private static RetryableFailureException unreadable(String key, JacksonException e) {
    return new RetryableFailureException(
        "report '%s' could not be read: %s".formatted(key, Texts.jsonMistake(e)), e);
  }

  private static Map<Severity, Long> bySeverity(List<ReportedFinding> findings) {
    Map<Severity, Long> counts = new HashMap<>();
    for (Severity severity : Severity.values()) {
      counts.put(severity, findings.stream().filter(one -> one.severity() == severity).count());
    }
    return counts;
  }

  private record Page(PageWriter writer, UnaryOperator<String> link) {}
}
