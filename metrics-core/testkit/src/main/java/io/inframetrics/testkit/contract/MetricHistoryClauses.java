package io.inframetrics.testkit.contract;

import static io.inframetrics.testkit.SampleMetrics.WINDOW_START;
import static io.inframetrics.testkit.SampleMetrics.batch;
import static io.inframetrics.testkit.SampleMetrics.metric;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The clauses of {@link MetricRecordSinkContract} about reading, and what all clauses need. */
abstract class MetricHistoryClauses {

  static final Instant NOW = SampleMetrics.RUN.observedAt();
  static final MetricType CPU = MetricType.CPU_UTILIZATION;
  static final Series SERIES = Series.of(CPU, "i-0abc");

  /** The test's clock, at first {@link SampleMetrics#RUN}'s instant: give it to the store. */
  protected final ManualClock clock = ManualClock.at(NOW);

  protected abstract MetricRecordSink sink();

  /** The history that reads what {@link #sink} stores. */
  protected abstract MetricHistory history();

  /** How long observations are kept; empty, the default, if they are kept for ever. */
  protected Optional<Duration> retention() {
    return Optional.empty();
  }

  @Test
  void givesBackWhatWasWritten() {
    List<Metric> metrics = SampleMetrics.oneOfEachType();
    for (Metric metric : metrics) {
      assertThat(write(metric)).isEqualTo(WriteResult.written(1));
    }

    for (Metric metric : metrics) {
      assertThat(points(metric.series())).containsExactly(point(metric));
      assertThat(series(metric.series().type(), WINDOW_START))
          .containsExactly(new KnownSeries(metric.series(), metric.unit(), metric.region()));
    }
  }

  @Test
  void answersTheNewestPointsOldestFirst() {
    List<Metric> metrics = new ArrayList<>(SampleMetrics.fleet(CPU, 1, 50));
    Series series = metrics.get(0).series();
    List<Point> all = metrics.stream().map(MetricHistoryClauses::point).toList();
    List<Metric> shuffled = new ArrayList<>(metrics);
    Collections.shuffle(shuffled, new Random(7));
    writeAll(shuffled);

    assertThat(points(series, WINDOW_START, NOW, 50)).containsExactlyElementsOf(all);
    assertThat(points(series, WINDOW_START, NOW, 1_000)).hasSize(50);
    assertThat(points(series, WINDOW_START, NOW, 3)).containsExactlyElementsOf(all.subList(47, 50));
    assertThat(points(series, WINDOW_START, NOW, 1)).containsExactly(all.get(49));
  }

  @Test
  void includesBothEndsOfARange() {
    List<Metric> metrics =
        IntStream.rangeClosed(0, 4)
            .mapToObj(i -> metric(SERIES, NOW.minusSeconds(40).plusSeconds(i * 10L), i))
            .toList();
    writeAll(metrics);

    assertThat(points(SERIES, NOW.minusSeconds(30), NOW.minusSeconds(10), 100))
        .extracting(Point::value)
        .containsExactly(1.0, 2.0, 3.0);
    assertThat(points(SERIES, NOW.minusSeconds(29), NOW.minusSeconds(11), 2))
        .extracting(Point::value)
        .containsExactly(2.0);
    assertThat(points(SERIES, NOW, NOW, 1)).extracting(Point::value).containsExactly(4.0);
    assertThat(points(SERIES, NOW.plusSeconds(1), NOW.plusSeconds(9), 5)).isEmpty();
  }

  @Test
  void knowsNoPointsOfASeriesThatWasNeverWritten() {
    write(metric(SERIES, NOW, 1));

    assertThat(points(Series.of(CPU, "i-0ab"))).isEmpty();
    assertThat(points(Series.of(MetricType.DISK_USAGE, "i-0abc"))).isEmpty();
    assertThat(series(MetricType.DISK_USAGE, WINDOW_START)).isEmpty();
  }

  @Test
  void listsTheSeriesOfATypeThatWereSeenSince() {
    Series old = Series.of(CPU, "i-old");
    Series recent = Series.of(CPU, "i-recent");
    write(metric(old, NOW.minusSeconds(7200), 1));
    write(metric(recent, NOW.minusSeconds(7200), 1));
    write(metric(recent, NOW.minusSeconds(60), 2));
    write(metric(recent, NOW.minusSeconds(3600), 3));
    write(metric(Series.of(MetricType.MEMORY_USAGE, "i-recent"), NOW, 1));

    assertThat(series(CPU, NOW.minusSeconds(7200)))
        .extracting(KnownSeries::series)
        .containsExactly(old, recent);
    assertThat(series(CPU, NOW.minusSeconds(60)))
        .as(
            "since is inclusive; for other series, the store may know only the week in which they last reported")
        .extracting(KnownSeries::series)
        .contains(recent)
        .isSubsetOf(old, recent);
  }

  @Test
  void listsNoSeriesThatWasSilentForAWeekLonger() {
    Instant since = NOW.minus(Duration.ofDays(3));
    Instant tooOld = since.minus(MetricHistory.SERIES_SLACK);
    Series recent = Series.of(CPU, "i-recent");
    write(new Batch(tooOld.minusSeconds(60), List.of(metric(SERIES, tooOld, 1)), false));
    write(metric(recent, NOW, 1));

    assertThat(series(CPU, since)).extracting(KnownSeries::series).containsExactly(recent);
    assertThat(series(CPU, tooOld)).hasSize(2);
  }

  @Test
  void listsAThousandSeriesSortedById() {
    List<Metric> fleet = SampleMetrics.fleet(CPU, 1_000, 1);
    List<Metric> shuffled = new ArrayList<>(fleet);
    Collections.shuffle(shuffled, new Random(11));
    writeAll(shuffled);

    assertThat(series(CPU, NOW))
        .extracting(KnownSeries::series)
        .containsExactlyElementsOf(fleet.stream().map(Metric::series).toList());
  }

  @Test
  void forgetsWhatIsOlderThanItsRetention() {
    Assumptions.assumeTrue(retention().isPresent(), "this store keeps everything");
    Duration day = Duration.ofDays(1);
    Series stays = Series.of(CPU, "i-stays");
    write(metric(SERIES, NOW, 1));
    write(metric(stays, NOW, 1));

    clock.set(NOW.plus(retention().get()).minus(day));
    Instant later = clock.instant();
    write(new Batch(later.minusSeconds(60), List.of(metric(stays, later, 2)), false));
    assertThat(points(SERIES, NOW, later, 10)).hasSize(1);
    assertThat(series(CPU, NOW)).hasSize(2);

    clock.set(NOW.plus(retention().get()).plus(day));
    assertThat(points(SERIES, NOW, clock.instant(), 10)).isEmpty();
    assertThat(points(stays, NOW, clock.instant(), 10))
        .containsExactly(new Point(later.getEpochSecond(), 2));
    assertThat(series(CPU, NOW)).extracting(KnownSeries::series).contains(stays);
    clock.advance(MetricHistory.SERIES_SLACK);
    assertThat(series(CPU, NOW)).extracting(KnownSeries::series).containsExactly(stays);
  }

  final WriteResult write(Metric metric) {
    return write(batch(metric));
  }

  final WriteResult write(Batch batch) {
    return sink().write(batch, Deadlines.never());
  }

  final WriteResult writeAll(List<Metric> metrics) {
    return SampleMetrics.batches(metrics).stream()
        .map(this::write)
        .reduce(WriteResult.NOTHING, WriteResult::plus);
  }

  /** Writes the metrics as a file that may have been stored before. */
  final WriteResult writeAllAgain(List<Metric> metrics) {
    return SampleMetrics.batches(metrics).stream()
        .map(batch -> write(batch.again()))
        .reduce(WriteResult.NOTHING, WriteResult::plus);
  }

  final void assertHolds(List<Metric> metrics) {
    List<Series> all = metrics.stream().map(Metric::series).distinct().toList();
    for (Series series : all) {
      Stream<Metric> own = metrics.stream().filter(metric -> metric.series().equals(series));
      assertThat(points(series))
          .as("points of " + series)
          .containsExactlyElementsOf(own.map(MetricHistoryClauses::point).toList());
    }
  }

  final List<KnownSeries> series(MetricType type, Instant since) {
    return history().series(type, since, Deadlines.never());
  }

  final List<Point> points(Series series) {
    return points(series, NOW.minus(Duration.ofDays(1)), NOW, 10_000);
  }

  private List<Point> points(Series series, Instant from, Instant to, int limit) {
    return history().points(series, from, to, limit, Deadlines.never());
  }

  static Point point(Metric metric) {
    return new Point(metric.timestamp().getEpochSecond(), metric.value());
  }
}
