package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.anomaly.AnomalyDetector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.State;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.analysis.StudiedSeries.Job;
import io.inframetrics.pipeline.analysis.StudiedSeries.Run;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.memory.InMemoryDocuments;
import io.inframetrics.testkit.memory.InMemoryRunLedger;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * False alarms and incidents found where every point goes the way of the product: run after run of
 * the analysis, which reads what it always reads and remembers what it always remembers. Half of
 * the series have a regular job. Prints what it measured.
 */
class IncidentsThroughAnalysisTest {

  private static final int DAYS = 90;
  private static final int[] STEPS = {10_800, 300, 60};

  /** Half of them have a job; a study of 60 takes half an hour. */
  private static final int SERIES = Integer.getInteger("inframetrics.soak.series", 8);

  private static final MetricType TYPE = new MetricType("study");

  private enum Incident {
    SPIKE,
    LEAK,
    STUCK,
    ZERO,
    SHIFT,
    /** A run of the job that does not come. */
    MISSING,
    /** A run that takes twice as long. */
    DOUBLE
  }

  @Test
  void keepsToTheBudgetInASmallStudy() {
    Outcome outcome = study(10_800, 7, 8, 24);

    assertThat(outcome.falseAlarms()).as(outcome.text()).isLessThan(1);
    assertThat(outcome.found()).as(outcome.text()).isGreaterThanOrEqualTo(0.85);
  }

  /** Its runs are no news every day (66 in this one), and no incident goes on for weeks. */
  @Test
  void aJobOnAFlatSeriesRaisesFewAlarms() {
    assertThat(falseAlarms(flat(5), 6)).isLessThan(3);
  }

  private static StudiedSeries flat(int number) {
    return StudiedSeries.simple(
        random(3, number), 10_800, DAYS, job(number), ZoneOffset.UTC, StudiedSeries.MONDAY);
  }

  @Test
  @Tag("soak")
  void keepsToTheBudgetOnFreshSeeds() {
    long seed = Long.getLong("inframetrics.soak.seed", new Random().nextLong());
    System.out.println("incidents through analysis: -Dinframetrics.soak.seed=" + seed);
    List<Outcome> outcomes = new ArrayList<>();
    for (int step : STEPS) {
      int series = step == 60 && SERIES < 30 ? SERIES / 4 : SERIES;
      Outcome outcome = study(step, seed, series, step == 10_800 ? 6 : 12);
      System.out.println(outcome.text());
      outcomes.add(outcome);
      if (SERIES >= 30) {
        assertThat(outcome.falseAlarms()).as(outcome.text()).isLessThan(1);
        assertThat(outcome.found()).as(outcome.text()).isGreaterThanOrEqualTo(0.9);
      }
    }
    // Some seven in a hundred incidents are missed, and one series in some sixty has many false
    // alarms, since its job hides in its wave. Of three incidents or two series, a share says
    // nothing; of all steps together, these limits fail less than once in 10,000 seeds.
    int series = outcomes.stream().mapToInt(Outcome::series).sum();
    int incidents = outcomes.stream().mapToInt(Outcome::incidents).sum();
    assertThat(outcomes.stream().mapToInt(Outcome::noisy).sum() / (double) series)
        .as("noisy series: %s", outcomes)
        .isLessThanOrEqualTo(0.35);
    assertThat(outcomes.stream().mapToInt(Outcome::foundIncidents).sum() / (double) incidents)
        .as("found: %s", outcomes)
        .isGreaterThanOrEqualTo(0.75);
  }

  /**
   * @param alarms of all series in 90 days
   * @param noisy series with more than three
   */
  private record Outcome(
      int series, int alarms, int noisy, int incidents, int foundIncidents, String text) {

    double falseAlarms() {
      return (double) alarms / series;
    }

    double found() {
      return (double) foundIncidents / incidents;
    }
  }

  /** Random numbers that say nothing about those of the next number. */
  private static Random random(long seed, long number) {
    return new Random(new SplittableRandom(seed + 1_000_003L * number).nextLong());
  }

  private static Job job(int number) {
    return number % 2 == 0 ? Job.NONE : Job.values()[1 + number / 2 % (Job.values().length - 1)];
  }

  private static Outcome study(int step, long seed, int series, int everyHours) {
    int alarms = 0;
    int noisy = 0;
    Map<Job, Integer> byJob = new EnumMap<>(Job.class);
    Map<Incident, int[]> byIncident = new EnumMap<>(Incident.class);
    for (int number = 0; number < series; number++) {
      StudiedSeries clean = new StudiedSeries(random(seed, number), step, DAYS, job(number));
      int of = falseAlarms(clean, everyHours);
      alarms += of;
      noisy += of > 3 ? 1 : 0;
      byJob.merge(clean.job, of, Integer::sum);
      for (Incident incident : Incident.values()) {
        if (clean.job == Job.NONE && incident.ordinal() >= Incident.MISSING.ordinal()) {
          continue;
        }
        // A finer series takes longer, and one incident.
        if (step <= 300 && incident.ordinal() % 5 != number % 5) {
          continue;
        }
        Random random = random(~seed, 31L * number + incident.ordinal());
        StudiedSeries with = new StudiedSeries(random(seed, number), step, DAYS, job(number));
        int[] counts = byIncident.computeIfAbsent(incident, i -> new int[2]);
        @Nullable Boolean found = isFound(incident, with, random, everyHours);
        if (found != null) {
          counts[1]++;
          counts[0] += found ? 1 : 0;
        }
      }
    }
    int found = byIncident.values().stream().mapToInt(counts -> counts[0]).sum();
    int all = byIncident.values().stream().mapToInt(counts -> counts[1]).sum();
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "every %d s: %.2f false alarms a series in 90 days %s; found %.1f %%:",
                step,
                (double) alarms / series,
                byJob,
                100.0 * found / all));
    byIncident.forEach(
        (incident, counts) ->
            text.append(" %s %d of %d".formatted(incident, counts[0], counts[1])));
    return new Outcome(series, alarms, noisy, all, found, text.toString());
  }

  /** What is reported of a series without incidents, but for the first three runs of its job. */
  private static int falseAlarms(StudiedSeries series, int everyHours) {
    Runs runs = new Runs(series, ZoneOffset.UTC, everyHours);
    long known = series.runs.isEmpty() ? 0 : series.runs.get(2).end() + 6 * 3_600;
    int count = 0;
    long first = series.times[0] + 3_600L * everyHours;
    for (long now = first; now <= series.times[series.times.length - 1]; now += runs.interval) {
      for (Finding finding : runs.news(now)) {
        if (finding.start().getEpochSecond() > known) {
          count++;
        }
      }
    }
    return count;
  }

  private static @Nullable Boolean isFound(
      Incident incident, StudiedSeries series, Random random, int everyHours) {
    int day = (int) (StudiedSeries.DAY / series.step);
    int from = 45 * day + random.nextInt(38 * day);
    int count;
    switch (incident) {
      case SPIKE -> {
        series.change(from, 2, value -> value + 4 * series.sigma);
        count = 3;
      }
      case LEAK -> {
        count = (int) ((2 + 3 * random.nextDouble()) * day);
        double rise = (95 - series.values[from]) / count;
        for (int i = 0; i < count; i++) {
          series.values[from + i] = Math.min(100, series.values[from + i] + rise * (i + 1));
        }
      }
      case STUCK -> {
        double stuck = series.values[from];
        series.change(from, day, value -> stuck);
        count = day;
      }
      case ZERO -> {
        count = series.points(1, 2);
        series.change(from, count, value -> 0);
      }
      case SHIFT -> {
        double shift = (random.nextBoolean() ? 6 : -6) * series.sigma;
        series.change(from, series.values.length, value -> value + shift);
        count = 2 * day;
      }
      default -> {
        List<Run> later =
            series.runs.stream().filter(run -> run.start() > series.times[45 * day]).toList();
        Run run = later.get(random.nextInt(later.size() * 3 / 4));
        long takes = run.end() - run.start();
        if (takes < series.step && (incident == Incident.DOUBLE || takes < series.step / 2)) {
          return null;
        }
        if (incident == Incident.MISSING) {
          series.add(run, -1);
        } else {
          series.add(new Run(run.end(), run.end() + takes), 1);
        }
        from = series.index(run.start()) - 1;
        count = 2 + (int) (2 * takes / series.step) + series.points(1, 2);
      }
    }
    Runs runs = new Runs(series, ZoneOffset.UTC, everyHours);
    long start = series.times[from];
    long end = series.times[Math.min(series.times.length - 1, from + count)];
    long firstRun = start - 1 - random.nextInt((int) runs.interval);
    runs.news(firstRun - runs.interval);
    for (long now = firstRun; now < end + 2 * runs.interval; now += runs.interval) {
      for (Finding finding : runs.news(now)) {
        if (finding.latest().getEpochSecond() >= start
            && finding.start().getEpochSecond() <= end
            && finding.start().getEpochSecond() >= start - 2L * series.step) {
          return true;
        }
      }
    }
    return false;
  }

  /** The runs of an analysis of one series, with a ledger of its own. */
  static final class Runs {

    final long interval;
    private final ManualClock clock;
    private final AnalyzeMetrics verb;
    private int number;

    Runs(StudiedSeries series, ZoneId zone, int everyHours) {
      this(series, zone, everyHours, new InMemoryRunLedger(), Long.MAX_VALUE);
    }

    /** The runs of an installation that keeps records for so many seconds. */
    Runs(StudiedSeries series, ZoneId zone, int everyHours, InMemoryRunLedger ledger, long kept) {
      this.interval = everyHours * 3_600L;
      this.clock = ManualClock.at(Instant.ofEpochSecond(series.times[0]));
      AnalysisSettings defaults = AnalysisSettings.DEFAULTS;
      AnalysisSettings settings =
          defaults
              .withWindow(Duration.ofSeconds(interval))
              .with(
                  new AnalysisSettings.Judging(
                      Map.of(),
                      Map.of(),
                      Map.of(),
                      new AnomalyDetector.Settings(defaults.judging().anomaly().threshold(), zone),
                      defaults.judging().horizon()));
      this.verb =
          new AnalyzeMetrics(
              new Points(series, kept), ledger, new InMemoryDocuments(), settings, clock);
    }

    /** What the run at a time reports as new. */
    List<Finding> news(long now) {
      Instant at = Instant.ofEpochSecond(now);
      clock.set(at);
      AnalyzeMetrics.Result result =
          verb.analyze(
              new AnalyzeMetrics.Request(
                  AnalyzeMetrics.ANOMALIES,
                  "run-" + number,
                  List.of(collected("run-" + number, at))),
              Deadlines.never());
      number++;
      return result.findings().stream()
          .flatMap(one -> one.members().isEmpty() ? Stream.of(one) : one.members().stream())
          .filter(one -> one.state() == State.NEW)
          .map(TrackedFinding::finding)
          .toList();
    }
  }

  private static CollectionResult collected(String runId, Instant at) {
    return new CollectionResult(
        TYPE.name(),
        runId,
        at,
        null,
        CollectionResult.Status.COLLECTED,
        List.of(new CollectedObject("key", TYPE, 1)),
        List.of(),
        null);
  }

  /** One series as a history. */
  private record Points(StudiedSeries series, long kept) implements MetricHistory {

    @Override
    public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
      return List.of(new KnownSeries(Series.of(type, "i-1"), MetricUnit.PERCENT, "eu-west-1"));
    }

    @Override
    public List<Point> points(Series of, Instant from, Instant to, int limit, Deadline deadline) {
      List<Point> points = new ArrayList<>();
      for (int i =
              Math.max(
                  0, (int) ((to.getEpochSecond() - series.times[0]) / series.step + 1) - limit);
          i < series.times.length && series.times[i] <= to.getEpochSecond();
          i++) {
        if (series.times[i] >= from.getEpochSecond()
            && to.getEpochSecond() - series.times[i] < kept) {
          points.add(new Point(series.times[i], series.values[i]));
        }
      }
      return points;
    }
  }
}
