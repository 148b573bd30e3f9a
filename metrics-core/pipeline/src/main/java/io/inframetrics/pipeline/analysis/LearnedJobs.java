package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.regular.JobHistory;
import io.inframetrics.detect.regular.RegularJobs;
import io.inframetrics.metric.Point;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What earlier runs learned about the regular jobs of each series, as the points that a run reads
 * hold at most two runs of a weekly job. Where it is missing, it is learned from a longer read; in
 * a large fleet, which would take too long for that, it is learned run by run.
 *
 * <p>A run stores only what its successors may no longer read, and of few series: those that were
 * not stored for longest. In a large fleet, a series that must wait for that is read from where its
 * jobs are known. A run judges by what is stored of the time before its points, which no try of it
 * changes; so another try finds the same. Belongs to one thread.
 */
final class LearnedJobs {

  private static final Logger LOG = LoggerFactory.getLogger(LearnedJobs.class);

  /** How far back jobs are learned: four runs of a weekly one, and a week. */
  private static final Duration LEARNED_FROM = Duration.ofDays(36);

  /** The most points to learn from, 36 days every half minute. */
  private static final int MOST_POINTS = 105_000;

  /**
   * Of how many series a run stores one: it adds a sixteenth to what it writes, and every three
   * hours each series is stored once in two days.
   */
  private static final int SERIES_A_STORED_ONE = 16;

  /** What a store counts as one write. */
  private static final int WRITE_BYTES = 1_024;

  /** How far back a series of a large fleet is read: what is stored may be many writes. */
  private static final Duration READ_FROM = Duration.ofDays(8);

  private final AnalyzeMetrics verb;
  private final Instant observedAt;
  private final List<KnownSeries> all;
  private final int limit;
  private final boolean learnsAtOnce;
  private final Deadline deadline;
  private final Deadline learningDeadline;
  private final Map<String, JobHistory> stored = new HashMap<>();

  /** How many of the series were asked for. */
  private int asked;

  /** Series of which what is stored could not be read: nothing is learned of them in this run. */
  private final Set<String> unread = new HashSet<>();

  /** What was learned from a longer read, which no later run should have to repeat. */
  private final Map<String, byte[]> learnedNow = new HashMap<>();

  /** What should be stored, at the head what can wait longest. */
  private final PriorityQueue<News> news =
      new PriorityQueue<>(
          Comparator.comparingLong(News::knownUntil).thenComparing(News::series).reversed());

  private final int mostWrites;
  private int writes;

  /** Jobs of a series which are stored up to {@code knownUntil}. */
  private record News(String series, long knownUntil, JobHistory jobs, int writes) {

    News(String series, long knownUntil, JobHistory jobs) {
      this(series, knownUntil, jobs, 1 + (series.length() + jobs.encoded().length) / WRITE_BYTES);
    }
  }

  /**
   * Knows nothing yet; reads what was learned when it is asked.
   *
   * @param all the series in the order in which they are judged
   * @param limit of the points that are read of each
   */
  LearnedJobs(
      AnalyzeMetrics verb,
      Instant observedAt,
      List<KnownSeries> all,
      int limit,
      Deadline deadline) {
    this.verb = verb;
    this.observedAt = observedAt;
    this.all = all;
    this.limit = limit;
    this.learnsAtOnce = all.size() <= verb.settings.reading().smallFleet();
    this.mostWrites = Math.max(1, all.size() / SERIES_A_STORED_ONE);
    this.deadline = deadline;
    // The other half of the time is for judging.
    this.learningDeadline = deadline.earlierBy(deadline.remaining().dividedBy(2));
  }

  /** From when to read the {@code index}th series so that its jobs are known up to a time. */
  Instant readFrom(int index, Instant first) {
    JobHistory before = before(index);
    return before.isNone() || before.reaches(first.getEpochSecond()) ? first : readFrom(before);
  }

  private Instant readFrom(JobHistory before) {
    Instant until = Instant.ofEpochSecond(before.until());
    Instant earliest = observedAt.minus(READ_FROM);
    return until.isBefore(earliest) ? earliest : until;
  }

  /**
   * The jobs of the {@code index}th series.
   *
   * @param history what is judged
   * @param read the same points, and those before them that were read
   */
  RegularJobs of(int index, SeriesHistory history, List<Point> read) {
    KnownSeries known = all.get(index);
    String id = known.series().id();
    JobHistory before = before(index);
    List<Point> points = history.points();
    if (points.isEmpty() || unread.contains(id)) {
      return new RegularJobs(history, JobHistory.none(), zone());
    }
    boolean gap = !before.reaches(points.get(0).epochSecond());
    JobHistory relearned = null;
    boolean learned = true;
    if (gap && learnsAtOnce && points.size() >= limit) {
      relearned = learn(known, observedAt.minus(LEARNED_FROM), JobHistory.none());
      learned = relearned != null;
    } else if (gap && read.size() > points.size()) {
      relearned = jobs(known, read, before).after();
    } else if (gap && !before.isNone()) {
      // The first of a large fleet, which are not read by time.
      relearned = learn(known, readFrom(before), before);
      learned = relearned != null;
    }
    RegularJobs jobs = new RegularJobs(history, relearned == null ? before : relearned, zone());
    // Each series is asked for once; of a large fleet only some are held at a time.
    stored.remove(id);
    JobHistory after = jobs.after();
    boolean isNews = learnsAtOnce ? jobs.isNews(before) : gap && after.until() > before.until();
    if (learned && isNews) {
      if (learnsAtOnce && relearned != null) {
        learnedNow.put(id, after.encoded());
      } else {
        add(new News(id, before.until(), after));
      }
    }
    return jobs;
  }

  private ZoneId zone() {
    return verb.settings.judging().anomaly().zone();
  }

  /** Keeps what was not stored for longest, in about as many writes as a run may add. */
  private void add(News one) {
    news.add(one);
    writes += one.writes();
    while (writes - news.element().writes() >= mostWrites) {
      writes -= news.remove().writes();
    }
  }

  private RegularJobs jobs(KnownSeries known, List<Point> points, JobHistory before) {
    return new RegularJobs(new SeriesHistory(known.series(), known.unit(), points), before, zone());
  }

  private JobHistory before(int index) {
    while (asked <= index) {
      int end = Math.min(all.size(), asked + RunLedger.MAX_KEYS);
      List<String> ids = all.subList(asked, end).stream().map(one -> one.series().id()).toList();
      asked = end;
      unread.addAll(ids);
      try {
        verb.ledger.learned(ids, deadline).forEach(this::decode);
        ids.forEach(unread::remove);
      } catch (RetryableFailureException e) {
        LOG.warn("the regular jobs of {} series are not known in this run", ids.size(), e);
      }
    }
    return stored.getOrDefault(all.get(index).series().id(), JobHistory.none());
  }

  private void decode(String series, byte[] bytes) {
    try {
      stored.put(series, JobHistory.decoded(bytes));
    } catch (IllegalArgumentException e) {
      LOG.warn("what was learned about '{}' is learned again", series, e);
    }
  }

  /** What a longer history tells; null if it cannot be read now. */
  private @Nullable JobHistory learn(KnownSeries known, Instant from, JobHistory before) {
    if (learningDeadline.hasPassed()) {
      LOG.info("no time to learn the regular jobs of '{}' in this run", known.series());
      return null;
    }
    try {
      List<Point> points =
          verb.history.points(known.series(), from, observedAt, MOST_POINTS, learningDeadline);
      return jobs(known, points, before).after();
    } catch (RetryableFailureException e) {
      LOG.warn("the regular jobs of '{}' could not be learned in this run", known.series(), e);
      return null;
    }
  }

  /** Stores what later runs need; if that fails now, a later run stores it. */
  void store(Deadline until) {
    Map<String, byte[]> toStore = new TreeMap<>(learnedNow);
    news.forEach(one -> toStore.put(one.series(), one.jobs().encoded()));
    if (toStore.isEmpty()) {
      return;
    }
    try {
      verb.ledger.learn(toStore, until);
    } catch (RetryableFailureException e) {
      LOG.warn("the regular jobs of {} series could not be stored", toStore.size(), e);
    }
  }
}
