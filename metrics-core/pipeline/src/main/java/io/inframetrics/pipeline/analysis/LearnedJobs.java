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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * <p>A run stores only what its successors may no longer read, so each series is written about
 * twice in the time that its points span. A run judges by what is stored of the time before its
 * points, which no try of it changes; so another try finds the same. Belongs to one thread.
 */
final class LearnedJobs {

  private static final Logger LOG = LoggerFactory.getLogger(LearnedJobs.class);

  /** How far back jobs are learned: four runs of a weekly one, and a week. */
  private static final Duration LEARNED_FROM = Duration.ofDays(36);

  /** The most points to learn from, 36 days every half minute. */
  private static final int MOST_POINTS = 105_000;

  /** Series of which news are held before they are stored: some MB. */
  private static final int MOST_NEWS = 1_000;

  private final AnalyzeMetrics verb;
  private final Instant observedAt;
  private final List<KnownSeries> all;
  private final int limit;
  private final boolean learnsAtOnce;
  private final Deadline deadline;
  private final Deadline learningDeadline;
  private final Map<String, JobHistory> stored = new HashMap<>();
  private final Set<String> asked = new HashSet<>();

  /** Series of which what is stored could not be read: nothing is learned of them in this run. */
  private final Set<String> unread = new HashSet<>();

  private final Map<String, byte[]> news = new TreeMap<>();

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
    this.deadline = deadline;
    // The other half of the time is for judging.
    this.learningDeadline = deadline.earlierBy(deadline.remaining().dividedBy(2));
  }

  /** The jobs of a series, which is the {@code index}th; its history is what was read now. */
  RegularJobs of(int index, SeriesHistory history) {
    KnownSeries known = all.get(index);
    String id = known.series().id();
    JobHistory before = before(index, id);
    if (history.points().isEmpty() || unread.contains(id)) {
      return new RegularJobs(history, JobHistory.none(), zone());
    }
    boolean gap = !before.reaches(history.points().get(0).epochSecond());
    boolean learned = true;
    if (gap && learnsAtOnce && history.points().size() >= limit) {
      JobHistory relearned = learn(known);
      learned = relearned != null;
      before = relearned == null ? before : relearned;
    }
    RegularJobs jobs = new RegularJobs(history, before, zone());
    if (learned && jobs.isNews(stored.getOrDefault(id, JobHistory.none()))) {
      news.put(id, jobs.after().encoded());
    }
    // Each series is asked for once; of a large fleet only some are held at a time.
    stored.remove(id);
    if (news.size() >= MOST_NEWS) {
      store(deadline);
    }
    return jobs;
  }

  private ZoneId zone() {
    return verb.settings.judging().anomaly().zone();
  }

  private JobHistory before(int index, String id) {
    if (!asked.contains(id)) {
      List<String> ids =
          all.subList(index, Math.min(all.size(), index + RunLedger.MAX_KEYS)).stream()
              .map(one -> one.series().id())
              .toList();
      asked.addAll(ids);
      try {
        verb.ledger.learned(ids, deadline).forEach(this::decode);
      } catch (RetryableFailureException e) {
        LOG.warn("the regular jobs of {} series are not known in this run", ids.size(), e);
        unread.addAll(ids);
      }
    }
    return stored.getOrDefault(id, JobHistory.none());
  }

  private void decode(String series, byte[] bytes) {
    try {
      stored.put(series, JobHistory.decoded(bytes));
    } catch (IllegalArgumentException e) {
      LOG.warn("what was learned about '{}' is learned again", series, e);
    }
  }

  /** What a longer history tells; null if it cannot be read now. */
  private @Nullable JobHistory learn(KnownSeries known) {
    if (learningDeadline.hasPassed()) {
      LOG.info("no time to learn the regular jobs of '{}' in this run", known.series());
      return null;
    }
    try {
      List<Point> points =
          verb.history.points(
              known.series(),
              observedAt.minus(LEARNED_FROM),
              observedAt,
              MOST_POINTS,
              learningDeadline);
      return new RegularJobs(new SeriesHistory(known.series(), known.unit(), points), zone())
          .after();
    } catch (RetryableFailureException e) {
      LOG.warn("the regular jobs of '{}' could not be learned in this run", known.series(), e);
      return null;
    }
  }

  /** Stores what later runs need; if that fails now, a later run stores it. */
  void store(Deadline until) {
    if (news.isEmpty()) {
      return;
    }
    try {
      verb.ledger.learn(Map.copyOf(news), until);
    } catch (RetryableFailureException e) {
      LOG.warn("the regular jobs of {} series could not be stored", news.size(), e);
    }
    news.clear();
  }
}
