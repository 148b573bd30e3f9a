package io.inframetrics.testkit.contract;

import static io.inframetrics.testkit.SampleMetrics.batch;
import static io.inframetrics.testkit.SampleMetrics.metric;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MetricRecordSink} and the {@link MetricHistory} over the same records must do.
 * Each test starts from an empty store, which should use {@link #clock}.
 */
@DisplayName("Metric record sink and history")
public abstract class MetricRecordSinkContract extends MetricHistoryClauses {

  /** Whether the store can hold the value; if not, it must reject only that value. Default: all. */
  protected boolean canHold(double value) {
    return Double.isFinite(value);
  }

  @Test
  void changesNothingWhenAFileIsWrittenAgain() {
    List<Metric> fleet = SampleMetrics.fleet(CPU, 50, 36);
    assertThat(writeAll(fleet)).isEqualTo(WriteResult.written(fleet.size()));

    WriteResult again = writeAllAgain(fleet);

    assertThat(again).isEqualTo(WriteResult.duplicate(fleet.size()));
    assertHolds(fleet);
  }

  @Test
  void writesAFileAgainThatWasNotThoughtToBeStored() {
    List<Metric> fleet = SampleMetrics.fleet(CPU, 50, 36);
    writeAll(fleet);

    WriteResult again = writeAll(fleet);

    assertThat(again.isComplete()).isTrue();
    assertThat(again.written() + again.duplicate()).isEqualTo(fleet.size());
    assertHolds(fleet);
  }

  @Test
  void storesWhatWasOnlyThoughtToBeStored() {
    List<Metric> fleet = SampleMetrics.fleet(CPU, 50, 36);
    writeAll(fleet.subList(0, 36));

    WriteResult result = writeAllAgain(fleet);

    assertThat(result).isEqualTo(new WriteResult(fleet.size() - 36, 36, List.of(), List.of()));
    assertHolds(fleet);
  }

  @Test
  void letsTheValueStandThatTheLaterRunObserved() {
    Metric earlier = observedBy(new CollectionRun("run-9", NOW.minusSeconds(1)), 9);
    Metric later = observedBy(SampleMetrics.RUN, 1);

    assertStandsInAnyOrder(later, earlier);
  }

  @Test
  void letsTheGreaterRunIdDecideBetweenRunsOfOneInstant() {
    Metric lesser = observedBy(SampleMetrics.RUN, 9);
    Metric greater = observedBy(SampleMetrics.RIVAL_RUN, 1);

    assertStandsInAnyOrder(greater, lesser);
  }

  @Test
  void letsTheGreaterValueStandWithinOneRun() {
    assertStandsInAnyOrder(metric(SERIES, NOW, 2), metric(SERIES, NOW, 1));
  }

  @Test
  void remembersWhichRunObservedAValueThatTwoAgreeOn() {
    Metric first = observedBy(new CollectionRun("run-1", NOW.minusSeconds(2)), 5);
    Metric second = observedBy(new CollectionRun("run-2", NOW.minusSeconds(1)), 7);
    Metric third = observedBy(SampleMetrics.RUN, 5);

    write(first);
    write(third);
    write(second);

    assertThat(points(SERIES)).containsExactly(point(third));
  }

  @Test
  void endsTheSameWhateverTheOrderOfFiles() {
    List<Batch> files = new ArrayList<>();
    List<Metric> all = new ArrayList<>();
    for (int run = 0; run < 6; run++) {
      Instant observedAt = NOW.minusSeconds(600 - run * 60L);
      CollectionRun own = new CollectionRun("run-" + run, observedAt);
      List<Metric> metrics = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        Instant at = observedAt.minusSeconds(240 - i * 60L);
        metrics.add(SampleMetrics.observedBy(own, metric(SERIES, at, (run * 37 + i * 11) % 10)));
      }
      files.add(new Batch(observedAt.minusSeconds(300), metrics, false));
      all.addAll(metrics);
    }
    Map<Instant, Metric> standing = new TreeMap<>();
    all.forEach(
        metric ->
            standing.merge(metric.timestamp(), metric, BinaryOperator.maxBy(Metric.PRECEDENCE)));
    Collections.shuffle(files, new Random(5));

    files.forEach(file -> write(file));
    Collections.shuffle(files, new Random(6));
    files.forEach(file -> write(file.again()));

    assertHolds(List.copyOf(standing.values()));
  }

  @Test
  void countsWhatABatchRepeatsAsDuplicate() {
    WriteResult result = write(batch(before(1, 5), before(0, 7), before(0, 7)));

    assertThat(result).isEqualTo(new WriteResult(2, 1, List.of(), List.of()));
    assertThat(points(SERIES))
        .containsExactly(
            new Point(NOW.getEpochSecond() - 1, 5), new Point(NOW.getEpochSecond(), 7));
  }

  @Test
  void letsTheGreaterOfTwoValuesInABatchStand() {
    WriteResult result = write(batch(before(1, 7), before(1, 8), before(0, 8), before(0, 7)));

    assertThat(result).isEqualTo(new WriteResult(2, 2, List.of(), List.of()));
    assertThat(points(SERIES)).extracting(Point::value).containsExactly(8.0, 8.0);
  }

  @Test
  void keepsThePointsOfASeriesThatTwoBatchesOfOneFileShare() {
    List<Metric> metrics = SampleMetrics.fleet(CPU, 1, 180);

    for (Metric metric : metrics.subList(0, 3)) {
      write(metric);
    }
    writeAll(metrics.subList(3, 100));
    writeAll(metrics.subList(100, 180));

    assertHolds(metrics);
  }

  @Test
  void keepsEverythingOfBatchesInAnyOrder() {
    List<Metric> metrics = SampleMetrics.fleet(CPU, 40, 60);
    List<Batch> batches = new ArrayList<>(SampleMetrics.batches(metrics));
    Collections.reverse(batches);

    for (Batch batch : batches) {
      assertThat(write(batch).isComplete()).isTrue();
    }
    assertThat(write(batches.get(0).again()).written()).isZero();

    assertHolds(metrics);
  }

  @Test
  void joinsOverlappingWindows() {
    Batch earlier =
        new Batch(
            NOW.minusSeconds(300), List.of(before(240, 1), before(120, 2), before(60, 3)), false);
    Batch later =
        new Batch(
            NOW.minusSeconds(180), List.of(before(120, 2), before(60, 33), before(0, 4)), false);

    assertThat(write(earlier).isComplete()).isTrue();
    assertThat(write(later).isComplete()).isTrue();

    long now = NOW.getEpochSecond();
    assertThat(points(SERIES))
        .as("each second once, with the greater value of the run")
        .containsExactly(
            new Point(now - 240, 1),
            new Point(now - 120, 2),
            new Point(now - 60, 33),
            new Point(now, 4));
  }

  @Test
  void keepsAwkwardNamesApart() {
    List<Metric> metrics = SampleMetrics.awkward();

    assertThat(writeAll(metrics)).isEqualTo(WriteResult.written(metrics.size()));

    assertHolds(metrics);
    assertThat(series(MetricType.DISK_USAGE, NOW))
        .extracting(KnownSeries::series)
        .containsExactlyElementsOf(SampleMetrics.awkwardSeries().stream().sorted().toList());
  }

  @Test
  void keepsOrRejectsANameThatIsNoValidUnicode() {
    Metric broken = metric(CPU, "half \uD800 pair", NOW, 1);
    Metric good = metric(CPU, "half ? pair", NOW, 2);

    WriteResult result = write(batch(broken, good));

    assertThat(points(good.series())).containsExactly(point(good));
    if (result.rejected().isEmpty()) {
      assertThat(points(broken.series())).containsExactly(point(broken));
    } else {
      assertThat(result.rejected()).extracting(Failed::id).containsExactly(broken.id());
      assertThat(result.written()).isEqualTo(1);
    }
  }

  @Test
  void holdsExtremeValuesExactlyOrRejectsThemAlone() {
    double[] values = {
      0.0,
      -0.0,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MIN_NORMAL,
      Double.MAX_VALUE,
      -Double.MAX_VALUE,
      1e-130,
      9.99e125,
      0.1 + 0.2,
      1 / 3.0,
      Math.PI * 1e17,
      9007199254740991.0,
      Long.MAX_VALUE,
      -37.66
    };
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      metrics.add(metric(SERIES, NOW.minusSeconds(values.length - i), values[i]));
    }
    List<Metric> held = metrics.stream().filter(metric -> canHold(metric.value())).toList();
    List<String> refused =
        metrics.stream().filter(metric -> !canHold(metric.value())).map(Metric::id).toList();

    WriteResult result = writeAll(metrics);

    assertThat(result.written()).isEqualTo(held.size());
    assertThat(result.retryable()).isEmpty();
    assertThat(result.rejected()).extracting(Failed::id).containsExactlyElementsOf(refused);
    List<Point> points = points(SERIES);
    assertThat(points).hasSameSizeAs(held);
    for (int i = 0; i < held.size(); i++) {
      // Compared by ==, since a store may lose the sign of zero.
      assertThat(points.get(i).value() == held.get(i).value())
          .as("%s is read as %s", held.get(i), points.get(i))
          .isTrue();
    }
    assertThat(writeAllAgain(held)).isEqualTo(WriteResult.duplicate(held.size()));
  }

  @Test
  void takesAnEmptyBatch() {
    assertThat(write(batch())).isEqualTo(WriteResult.NOTHING);
  }

  @Test
  void takesTypesAndUnitsOfATeamsOwn() {
    MetricType type = new MetricType("queue_depth");
    Series series = Series.of(type, "orders");
    Metric metric = new Metric(series, NOW, 12, MetricUnit.COUNT, "local", SampleMetrics.RUN);

    write(metric);

    assertThat(points(series)).containsExactly(point(metric));
    assertThat(series(type, NOW))
        .containsExactly(new KnownSeries(series, MetricUnit.COUNT, "local"));
  }

  @Test
  void losesNothingWhenTwoWriteAtOnce() {
    List<Metric> metrics = SampleMetrics.fleet(CPU, 20, 60);
    List<Metric> even = everyOther(metrics, 0);
    List<Metric> odd = everyOther(metrics, 1);

    List<WriteResult> results = Together.run(List.of(even, odd), this::writeAll);

    assertThat(results).allMatch(WriteResult::isComplete);
    assertHolds(metrics);
  }

  @Test
  void storesOnceWhatTwoWriteAtOnce() {
    List<Metric> metrics = SampleMetrics.fleet(CPU, 20, 60);

    List<WriteResult> results = Together.run(List.of(metrics, metrics), this::writeAll);

    assertThat(results).allMatch(WriteResult::isComplete);
    assertHolds(metrics);
    assertThat(writeAllAgain(metrics)).isEqualTo(WriteResult.duplicate(metrics.size()));
  }

  private void assertStandsInAnyOrder(Metric standing, Metric superseded) {
    Instant second = NOW.minusSeconds(3600);
    write(superseded);
    write(standing);
    assertThat(points(SERIES)).containsExactly(point(standing));

    Metric standingThere = at(second, standing);
    assertThat(write(standingThere)).isEqualTo(WriteResult.written(1));
    WriteResult late = write(at(second, superseded));

    assertThat(late.isComplete()).isTrue();
    assertThat(points(SERIES)).containsExactly(point(standingThere), point(standing));
  }

  /** A value of {@link #SERIES}, {@code seconds} before now. */
  private static Metric before(int seconds, double value) {
    return metric(SERIES, NOW.minusSeconds(seconds), value);
  }

  private static Metric at(Instant second, Metric metric) {
    return new Metric(
        metric.series(), second, metric.value(), metric.unit(), metric.region(), metric.run());
  }

  private static Metric observedBy(CollectionRun run, double value) {
    return SampleMetrics.observedBy(run, metric(SERIES, NOW, value));
  }

  private static List<Metric> everyOther(List<Metric> metrics, int first) {
    return IntStream.range(0, metrics.size())
        .filter(i -> i % 2 == first)
        .mapToObj(metrics::get)
        .toList();
  }
}
