package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Detector;
import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Forecast;
import io.inframetrics.detect.Forecast.Outcome;
import io.inframetrics.detect.RobustStatistics;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.SeriesSummary;
import io.inframetrics.detect.anomaly.AnomalyDetector;
import io.inframetrics.detect.anomaly.AnomalyDetector.Range;
import io.inframetrics.detect.forecast.ForecastDetector;
import io.inframetrics.detect.regular.RegularJobs;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.detect.threshold.ThresholdDetector;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.Result;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.JacksonIOException;

/** One run of one analysis: reads and judges series, reports, and leaves marks. Used once. */
final class AnalysisRun {

  private static final Logger LOG = LoggerFactory.getLogger(AnalysisRun.class);

  /** Time kept for the report and the ledger, at most a quarter of what is left. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  /** UTF-8 bytes of the whole answer as JSON; the workflow's state carries two answers. */
  private static final int MAX_ANSWER_BYTES = 8_000;

  /** Bytes of the answer without findings and summary: names, analysis, report key. */
  private static final int ENVELOPE_BYTES = 400;

  /** Gaps between points below which their median says little: a first run may have one. */
  private static final int GAPS_TO_TELL = 2;

  /** Fraction of all series by which the start moves from run to run: see {@link #rotate}. */
  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  /**
   * How old points may be by which others are judged: 720 of them, every three hours, are enough to
   * tell a spike from noise; 240 are not.
   */
  private static final Duration SPARSE = Duration.ofDays(90);

  /** How much of a series is read in a small fleet, however close its points are. */
  private static final Duration TWO_WEEKS = Duration.ofDays(14);

  /** What is as good: 4,032 points every five minutes span a little less. */
  private static final Duration NEARLY_TWO_WEEKS = TWO_WEEKS.minusHours(1);

  /** The most points for that: one a minute. */
  private static final int DENSE_POINTS = 20_160;

  /** The most points that are read for jobs: eight days every five minutes, and some more. */
  private static final int MOST_FOR_JOBS = 2_880;

  private final AnalyzeMetrics verb;
  private final AnalysisSettings settings;
  private final ForecastDetector forecaster;
  private final String analysis;
  private final CollectionRun run;
  private final Instant startedAt;
  private final Deadline deadline;
  private final Duration reserve;
  private final Deadline readingDeadline;
  private final AnalysisProgress progress = new AnalysisProgress();
  private final ThresholdDetector limits;
  private final AnomalyDetector anomalies;
  private @Nullable LearnedJobs jobs;
  private boolean smallFleet;

  AnalysisRun(AnalyzeMetrics verb, String analysis, CollectionRun run, Deadline deadline) {
    this.verb = verb;
    this.settings = verb.settings;
    this.forecaster =
        new ForecastDetector(
            settings.judging().capacities(),
            settings.judging().capacityUnits(),
            settings.judging().horizon());
    this.limits = new ThresholdDetector(settings.judging().thresholds());
    this.anomalies = new AnomalyDetector(settings.judging().anomaly());
    this.analysis = analysis;
    this.run = run;
    this.startedAt = verb.clock.instant();
    this.deadline = deadline;
    Duration quarter = deadline.remaining().dividedBy(4);
    this.reserve = quarter.compareTo(RESERVE) < 0 ? quarter : RESERVE;
    this.readingDeadline = deadline.earlierBy(reserve);
  }

  Result execute(List<CollectionResult> collections) {
    Set<MetricType> types = AnalysisScope.types(collections);
    boolean collected = !types.isEmpty();
    if (isForecast()) {
      types.retainAll(settings.judging().capacities().keySet());
    }
    String reportKey = AnalysisReport.key(analysis, run.runId(), run.observedAt());
    List<AnalysisMark> inLedger = verb.ledger.analysisMarks(analysis, deadline);
    List<AnalysisMark> before = new ArrayList<>(firstTry(reportKey).orElse(inLedger));
    before.sort(AnalysisMark.ORDER);
    AnalysisFindings findings = new AnalysisFindings(before, run, settings.reporting().window());

    try (StagedObject<String> staged = verb.reports.create(reportKey, deadline);
        AnalysisCharts charts = charts()) {
      String summary;
      try (AnalysisReport report =
          AnalysisReport.start(
              staged.body(), analysis, run.runId(), run.observedAt(), before, collections)) {
        judgeAll(types, findings, report, charts);
        if (progress.nothingCouldBeRead()) {
          throw nothingRead();
        }
        summary =
            new AnalysisSummary(
                    settings, isForecast(), collected && types.isEmpty(), run.observedAt())
                .write(
                    progress,
                    findings,
                    AnalysisScope.missing(collections),
                    AnalysisScope.unknown(typesToCompare(), collections),
                    reportKey);
        RuntimeException withoutCharts = charts.finish();
        if (withoutCharts != null) {
          progress.chartsFailed(withoutCharts);
        }
        report.finish(progress, findings, summary);
      }
      staged.commit();
      remember(inLedger, findings.after());
      if (jobs != null) {
        jobs.store(deadline);
      }
      return new Result(analysis, capped(findings, summary), reportKey, summary);
    } catch (JacksonException e) {
      throw new RetryableFailureException(
          "report '%s' could not be written: %s".formatted(reportKey, Texts.jsonMistake(e)), e);
    }
  }

  private AnalysisCharts charts() {
    return new AnalysisCharts(
        verb.reports,
        isForecast()
            ? AnalyzeMetrics.forecastChartsKey(run.runId(), run.observedAt())
            : AnalyzeMetrics.chartsKey(run.runId(), run.observedAt()),
        run,
        verb.ownDetectors == null ? settings.judging().thresholds() : Map.of(),
        deadline.earlierBy(reserve.dividedBy(2)));
  }

  private Set<MetricType> typesToCompare() {
    if (isForecast()) {
      return settings.judging().capacities().keySet();
    }
    return verb.ownDetectors == null ? settings.judging().thresholds().keySet() : Set.of();
  }

  private boolean isForecast() {
    return analysis.equals(AnalyzeMetrics.FORECAST);
  }

  /** The marks that an earlier try of this run started from, if it wrote a report. */
  private Optional<List<AnalysisMark>> firstTry(String reportKey) {
    Optional<StoredObject> earlier = verb.reports.open(reportKey, deadline);
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

  private void judgeAll(
      Set<MetricType> types,
      AnalysisFindings findings,
      AnalysisReport report,
      AnalysisCharts charts) {
    List<KnownSeries> all = new ArrayList<>();
    types.forEach(type -> all.addAll(list(type)));
    Set<MetricType> listed = new TreeSet<>(types);
    listed.removeAll(progress.typesUnlisted);
    rotate(all);
    Set<String> unread = new HashSet<>();
    int points = settings.reading().pointsOf(all.size());
    smallFleet = all.size() <= settings.reading().smallFleet();
    jobs =
        isForecast() || verb.ownDetectors != null
            ? null
            : new LearnedJobs(verb, run.observedAt(), all, points, readingDeadline);
    ReadPlan plan = new ReadPlan(points);
    try (ReadAhead ahead = new ReadAhead(all, plan, readingDeadline, verb.readers, verb.reads)) {
      for (int i = 0; i < all.size(); i++) {
        if (!judge(all.get(i), i, plan, ahead, findings, report, charts)) {
          unread.add(all.get(i).series().id());
        }
      }
    }
    progress.typesSilent.addAll(listed);
    progress.typesSilent.removeAll(progress.readByType.keySet());
    all.stream()
        .map(KnownSeries::series)
        .filter(series -> unread.contains(series.id()))
        .forEach(series -> progress.typesSilent.remove(series.type()));
    if (!isForecast()) {
      findings.relate(progress.readByType);
    }
    findings.finish(listed, unread);
  }

  /**
   * Makes each run start with another series, so that not always the same ones are skipped where
   * time is too short for all. Starts that are the golden ratio of the whole apart spread more
   * evenly than any others: a run with time for one series in n analyzes each about once in 2 n
   * runs, and no run needs to know where the last one stopped.
   */
  private void rotate(List<KnownSeries> all) {
    long number =
        Math.floorDiv(run.observedAt().toEpochMilli(), settings.reporting().window().toMillis());
    double turns = number * GOLDEN_RATIO;
    Collections.rotate(all, -(int) ((turns - Math.floor(turns)) * all.size()));
  }

  /**
   * How to read the series, one after the other. In a large fleet, it is by time, from the second
   * of each type on: a store that does not know how many points it must read for some reads too
   * many.
   */
  private final class ReadPlan implements Function<KnownSeries, Supplier<List<Point>>> {

    private final int limit;
    private final Map<MetricType, Duration> spans = new HashMap<>();
    private int next;

    ReadPlan(int limit) {
      this.limit = limit;
    }

    @Override
    public Supplier<List<Point>> apply(KnownSeries known) {
      int index = next++;
      Duration span = smallFleet ? null : spans.get(known.series().type());
      if (span == null) {
        return () -> points(known, limit);
      }
      Instant now = run.observedAt();
      // Some points may be missing.
      Instant enough = now.minus(span.multipliedBy(5).dividedBy(4));
      Instant ofJobs = jobs == null ? enough : jobs.readFrom(index, now.minus(span));
      boolean more = ofJobs.isBefore(enough);
      return () -> {
        List<Point> points =
            verb.history.points(
                known.series(),
                more ? ofJobs : enough,
                now,
                more ? MOST_FOR_JOBS : limit,
                readingDeadline);
        return points.size() < limit ? points(known, limit) : points;
      };
    }

    /** The newest points of what was read, which are judged; in a small fleet, all are. */
    SeriesHistory judged(KnownSeries known, List<Point> read) {
      int from = smallFleet ? 0 : Math.max(0, read.size() - limit);
      List<Point> points = read.subList(from, read.size());
      if (points.size() >= limit) {
        Instant first = Instant.ofEpochSecond(points.get(0).epochSecond());
        spans.put(known.series().type(), Duration.between(first, run.observedAt()));
      }
      return new SeriesHistory(known.series(), known.unit(), points);
    }
  }

  private List<Point> points(KnownSeries known, int limit) {
    Duration span = settings.reading().historySpan();
    if (isForecast()) {
      return points(known, span, run.observedAt(), limit);
    }
    List<Point> points =
        points(known, SPARSE.compareTo(span) > 0 ? SPARSE : span, run.observedAt(), limit);
    if (!smallFleet || points.size() < limit) {
      return points;
    }
    // Points closer than five minutes: some days say little about the time of the week.
    Instant first = Instant.ofEpochSecond(points.get(0).epochSecond());
    if (!first.isAfter(run.observedAt().minus(NEARLY_TWO_WEEKS)) || limit >= DENSE_POINTS) {
      return points;
    }
    List<Point> all =
        new ArrayList<>(
            points(known, TWO_WEEKS, first.minusSeconds(1), DENSE_POINTS - points.size()));
    all.addAll(points);
    return all;
  }

  private List<Point> points(KnownSeries known, Duration span, Instant to, int limit) {
    return verb.history.points(
        known.series(), run.observedAt().minus(span), to, limit, readingDeadline);
  }

  private List<KnownSeries> list(MetricType type) {
    if (readingDeadline.hasPassed()) {
      progress.skipped(type);
      return List.of();
    }
    try {
      return verb.history.series(type, seenSince(), readingDeadline);
    } catch (RuntimeException e) {
      if (readingDeadline.hasPassed()) {
        LOG.info("series of '{}' were not listed in time", type, e);
        progress.skipped(type);
      } else {
        LOG.warn("series of '{}' could not be listed", type, e);
        progress.failed(type, e);
      }
      return List.of();
    }
  }

  /** Returns whether the series was read, so that all there is to report of it is known. */
  private boolean judge(
      KnownSeries known,
      int index,
      ReadPlan plan,
      ReadAhead ahead,
      AnalysisFindings findings,
      AnalysisReport report,
      AnalysisCharts charts) {
    if (readingDeadline.hasPassed()) {
      progress.skipped(known.series());
      return false;
    }
    SeriesHistory points;
    Judged judged;
    try {
      List<Point> read = ahead.next();
      points = plan.judged(known, read);
      judged = judge(points, index, read);
    } catch (RuntimeException e) {
      if (readingDeadline.hasPassed()) {
        LOG.info("series '{}' was not read in time", known.series(), e);
        progress.skipped(known.series());
      } else {
        LOG.warn("series '{}' could not be analyzed", known.series(), e);
        progress.failed(known.series(), e);
      }
      return false;
    }
    // Outside the try: a report that cannot be written is not a failure of this series.
    if (judged.summary().isEmpty()) {
      progress.seriesEmpty++;
      return false;
    }
    if (judged.summary().get().to().isBefore(seenSince())) {
      // A store may list what was last seen a little earlier than asked for.
      return true;
    }
    progress.read(known.series().type());
    judged.forecast().ifPresent(forecast -> progress.forecast(forecast.outcome()));
    int missing = pointsMissing(points, judged);
    if (missing > 0) {
      progress.notJudged(missing, usualGap(points.points()));
    }
    String notJudged = otherUnit(known);
    if (notJudged != null) {
      progress.otherUnit(known.series().type(), notJudged, !isForecast());
    }
    report.series(known, judged.summary().get(), judged.forecast(), missing, notJudged);
    boolean isNews = findings.add(points, judged.episodes());
    if (isForecast()) {
      judged.forecast().ifPresent(forecast -> charts.add(known, points, forecast));
    } else {
      charts.add(known, points, isNews ? () -> judged.usual(anomalies, points) : null);
    }
    return true;
  }

  private Judged judge(SeriesHistory points, int index, List<Point> read) {
    Optional<Forecast> forecast = isForecast() ? forecaster.forecast(points) : Optional.empty();
    RegularJobs regular = jobs == null ? null : jobs.of(index, points, read);
    Stream<Finding> episodes =
        isForecast()
            ? forecast.flatMap(one -> forecaster.finding(points, one)).stream()
            : unusual(points, regular);
    return new Judged(SeriesSummary.of(points), forecast, episodes.toList(), regular);
  }

  /** Why a series is not compared with the limit or capacity of its type; null if it is. */
  private @Nullable String otherUnit(KnownSeries known) {
    MetricType type = known.series().type();
    Threshold limit =
        isForecast() || verb.ownDetectors != null
            ? null
            : settings.judging().thresholds().get(type);
    MetricUnit needed =
        isForecast()
            ? settings.judging().capacityUnits().get(type)
            : limit == null ? null : limit.unit();
    return needed == null || needed == known.unit()
        ? null
        : "unit is %s, the %s is in %s"
            .formatted(
                known.unit().wireName(), isForecast() ? "capacity" : "limit", needed.wireName());
  }

  /** Points that the series needs before the absence of findings says anything; 0 if none. */
  private int pointsMissing(SeriesHistory history, Judged judged) {
    int n = history.points().size();
    if (isForecast()) {
      boolean tooFew =
          judged.forecast().filter(one -> one.outcome() == Outcome.NOT_ENOUGH_DATA).isPresent();
      // There may be enough points, but at too few times.
      return tooFew ? Math.max(1, ForecastDetector.MIN_POINTS - n) : 0;
    }
    List<Detector> detectors = verb.ownDetectors == null ? List.of(anomalies) : verb.ownDetectors;
    int needed = detectors.stream().mapToInt(Detector::pointsNeeded).max().orElse(0);
    return Math.max(0, needed - n);
  }

  /** Usual seconds from point to point; 0 if there are too few points to tell. */
  private static long usualGap(List<Point> points) {
    double[] gaps =
        IntStream.range(1, points.size())
            .mapToDouble(i -> points.get(i).epochSecond() - points.get(i - 1).epochSecond())
            .toArray();
    return gaps.length < GAPS_TO_TELL ? 0 : Math.round(RobustStatistics.median(gaps));
  }

  private Stream<Finding> unusual(SeriesHistory points, @Nullable RegularJobs regular) {
    if (verb.ownDetectors != null) {
      return verb.ownDetectors.stream().flatMap(one -> one.detect(points).stream());
    }
    Objects.requireNonNull(regular);
    return Stream.of(limits.detect(points), regular.findings(), anomalies.detect(points, regular))
        .flatMap(List::stream);
  }

  private Instant seenSince() {
    return run.observedAt().minus(settings.reading().seenWithin());
  }

  private RetryableFailureException nothingRead() {
    AnalysisProgress.Failure first = progress.failures.get(0);
    return new RetryableFailureException(
        "no series could be read for analysis '%s', first '%s': %s"
            .formatted(analysis, first.what(), first.reason()),
        progress.firstCause);
  }

  private void remember(List<AnalysisMark> inLedger, List<AnalysisMark> after) {
    // A run that is repeated late must not overwrite the marks of a newer one. Marks dated in
    // the future are not those of a newer run.
    boolean newerRunWasHere =
        inLedger.stream()
            .map(AnalysisMark::at)
            .anyMatch(at -> at.isAfter(run.observedAt()) && !at.isAfter(startedAt));
    if (newerRunWasHere) {
      LOG.info(
          "a newer run has updated the open findings of '{}': this run leaves them unchanged",
          analysis);
      return;
    }
    verb.ledger.replaceAnalysisMarks(analysis, after, deadline);
  }

  private List<TrackedFinding> capped(AnalysisFindings findings, String summary) {
    List<TrackedFinding> capped = new ArrayList<>();
    int bytes = ENVELOPE_BYTES + SeriesId.utf8Length(summary);
    for (TrackedFinding finding : findings.toReport()) {
      bytes += AnalysisReport.bytes(finding) + 1;
      if (capped.size() == settings.reporting().maxFindings() || bytes > MAX_ANSWER_BYTES) {
        break;
      }
      capped.add(finding);
    }
    return capped;
  }

  /**
   * What is known of a series; {@code regular} is null where the built-in detectors do not judge.
   */
  private record Judged(
      Optional<SeriesSummary> summary,
      Optional<Forecast> forecast,
      List<Finding> episodes,
      @Nullable RegularJobs regular) {

    List<Range> usual(AnomalyDetector anomalies, SeriesHistory points) {
      return regular == null ? List.of() : anomalies.usual(points, regular);
    }
  }
}
