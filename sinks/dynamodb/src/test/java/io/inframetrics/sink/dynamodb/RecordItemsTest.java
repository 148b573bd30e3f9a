package io.inframetrics.sink.dynamodb;

import static io.inframetrics.testkit.SampleMetrics.WINDOW_START;
import static io.inframetrics.testkit.SampleMetrics.metric;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.testkit.SampleMetrics;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class RecordItemsTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final Series SERIES = Series.of(MetricType.CPU_UTILIZATION, "i-0abc");

  @Test
  void packsASeriesAndWindowIntoOneItem() {
    Series disk =
        Series.of(MetricType.DISK_USAGE, "i-0abc", Map.of("device", "/", "label", "root disk"));
    RecordItems items =
        RecordItems.of(
            WINDOW_START, List.of(metric(disk, NOW, 82.25), metric(disk, NOW.minusSeconds(60), 1)));

    RecordItem item = items.items().get(0);
    assertThat(items.items()).hasSize(1);
    assertThat(item.key().partition()).isEqualTo("disk_usage#i-0abc#device=/,label=root disk");
    assertThat(item.key().sort()).matches("2026-02-19T08:27:43Z#[0-9a-f]{16}");
    Map<String, AttributeValue> attributes = new TreeMap<>(item.attributes(Duration.ofDays(30)));
    assertThat(attributes.remove("points").b().asByteArray()).isNotEmpty();
    attributes.keySet().removeAll(List.of("series_id", "window_start"));
    assertThat(attributes)
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "timestamp", AttributeValue.fromN("1771500463"),
                    "value", AttributeValue.fromN("82.25"),
                    "metric_type", AttributeValue.fromS("disk_usage"),
                    "instance_id", AttributeValue.fromS("i-0abc"),
                    "dimensions",
                        AttributeValue.fromM(
                            Map.of(
                                "device", AttributeValue.fromS("/"),
                                "label", AttributeValue.fromS("root disk"))),
                    "region", AttributeValue.fromS("eu-west-1"),
                    "unit", AttributeValue.fromS("Percent"),
                    "run_id", AttributeValue.fromS("run-1"),
                    "observed_at", AttributeValue.fromS("2026-02-19T11:27:43Z"),
                    "ttl", AttributeValue.fromN("1774092463"))));
  }

  @Test
  void isTheSameItemWhateverTheOrderOfItsMetricsAndAnotherIfAnythingDiffers() {
    List<Metric> metrics = new ArrayList<>(SampleMetrics.fleet(SERIES.type(), 1, 36));
    String key = keyOf(WINDOW_START, metrics);

    Collections.shuffle(metrics, new Random(3));
    assertThat(keyOf(WINDOW_START, metrics)).isEqualTo(key);

    Metric first = metrics.get(0);
    List<Metric> others =
        List.of(
            metric(first.series(), first.timestamp(), first.value() + 1),
            metric(first.series(), first.timestamp().plusSeconds(1), first.value()),
            SampleMetrics.observedBy(SampleMetrics.RIVAL_RUN, first),
            SampleMetrics.observedBy(new CollectionRun("run-1", NOW.minusSeconds(1)), first),
            new Metric(
                first.series(),
                first.timestamp(),
                first.value(),
                MetricUnit.NONE,
                "eu-west-1",
                first.run()),
            new Metric(
                first.series(),
                first.timestamp(),
                first.value(),
                first.unit(),
                "eu-west-2",
                first.run()));
    List<String> keys = new ArrayList<>(List.of(keyOf(WINDOW_START, List.of(first))));
    others.forEach(other -> keys.add(keyOf(WINDOW_START, List.of(other))));
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void takesTheSignOfZeroForNothing() {
    assertThat(keyOf(WINDOW_START, List.of(metric(SERIES, NOW, -0.0))))
        .isEqualTo(keyOf(WINDOW_START, List.of(metric(SERIES, NOW, 0.0))));
  }

  @Test
  void keepsTheRunsOfABatchApart() {
    Metric own = metric(SERIES, NOW, 1);
    RecordItems items =
        RecordItems.of(
            WINDOW_START, List.of(own, SampleMetrics.observedBy(SampleMetrics.RIVAL_RUN, own)));

    assertThat(items.items()).hasSize(2);
    assertThat(items.repeated()).isZero();
  }

  @Test
  void startsAnItemAtTheWindowOnlyIfItsPointsAreInIt() {
    Instant dayLater = WINDOW_START.plus(RecordItem.MAX_SPAN);
    assertThat(starts(WINDOW_START, WINDOW_START.plusSeconds(1), dayLater))
        .containsExactly(WINDOW_START);
    assertThat(starts(WINDOW_START, dayLater, dayLater.plusSeconds(1)))
        .containsExactly(WINDOW_START, dayLater);
    assertThat(starts(WINDOW_START, WINDOW_START))
        .as("the window's start is not in it")
        .containsExactly(WINDOW_START.minusSeconds(1));
    assertThat(starts(Instant.EPOCH, NOW)).containsExactly(NOW.minusSeconds(1));
    assertThat(starts(Instant.MAX, NOW)).containsExactly(NOW.minusSeconds(1));
    assertThat(starts(Instant.MIN, NOW)).containsExactly(NOW.minusSeconds(1));
  }

  @Test
  void keepsEveryPointWithinADayAfterItsItemsStart() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      Instant windowStart = NOW.minusSeconds(random.nextInt(200_000));
      List<Metric> metrics =
          IntStream.range(0, 1 + random.nextInt(60))
              .mapToObj(i -> metric(SERIES, NOW.minusSeconds(random.nextInt(400_000)), i))
              .toList();

      RecordItems packed = RecordItems.of(windowStart, metrics);

      int held = 0;
      for (RecordItem item : packed.items()) {
        Instant start = RecordItem.start(item.key().sort());
        held += item.metrics().size();
        assertThat(item.metrics())
            .allMatch(metric -> metric.timestamp().isAfter(start))
            .allMatch(metric -> !metric.timestamp().isAfter(start.plus(RecordItem.MAX_SPAN)));
      }
      assertThat(held + packed.repeated()).isEqualTo(metrics.size());
      assertThat(packed.items()).extracting(RecordItem::key).doesNotHaveDuplicates();
    }
  }

  @Test
  void staysFarBelowTheLargestItemWithTheMostPoints() {
    Series longest =
        Series.of(
            MetricType.CPU_UTILIZATION,
            "i".repeat(255),
            Map.of("a".repeat(255), "v".repeat(255), "b".repeat(255), "w".repeat(255)));
    List<Metric> metrics =
        IntStream.rangeClosed(1, RecordItem.MAX_POINTS + 1)
            .mapToObj(i -> metric(longest, WINDOW_START.plusSeconds(i), i))
            .toList();

    List<RecordItem> items = RecordItems.of(WINDOW_START, metrics).items();

    assertThat(items).extracting(item -> item.metrics().size()).containsExactly(2_000, 1);
    int packed = items.get(0).packed().asByteArrayUnsafe().length;
    assertThat(packed + 10_000).isLessThan(RecordItem.MAX_BYTES / 10);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, 1e-130, -1e-130, 9.99e125, 37.66, -1e125})
  void holdsNumbersToTheLimits(double value) {
    assertThat(RecordItems.of(WINDOW_START, List.of(metric(SERIES, NOW, value))).rejected())
        .isEmpty();
  }

  @Test
  void holdsTheGreatestDoubleBelowTheLimit() {
    double greatest = Math.nextDown(1e126);

    assertThat(new BigDecimal(Double.toString(greatest))).isLessThan(new BigDecimal("1E+126"));
    assertThat(RecordItems.of(WINDOW_START, List.of(metric(SERIES, NOW, greatest))).rejected())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e126, -1e126, 9.9e-131, -9.9e-131, Double.MIN_VALUE, Double.MAX_VALUE})
  void rejectsNumbersPastTheLimitsAlone(double value) {
    Metric past = metric(SERIES, NOW, value);
    Metric good = metric(SERIES, NOW.minusSeconds(1), 1);

    RecordItems items = RecordItems.of(WINDOW_START, List.of(past, good));

    assertThat(items.rejected()).extracting(Failed::id).containsExactly(past.id());
    assertThat(items.rejected().get(0).reason()).contains(Double.toString(value));
    assertThat(items.items().get(0).metrics()).containsExactly(good);
  }

  @Test
  void rejectsTextsThatAreNoUnicodeAndTimesThatNoKeyCanHoldAlone() {
    Metric good = metric(SERIES, NOW, 1);
    List<Metric> bad =
        List.of(
            metric(MetricType.CPU_UTILIZATION, "half \uD800", NOW, 1),
            new Metric(SERIES, NOW, 1, MetricUnit.PERCENT, "half \uDC00", SampleMetrics.RUN),
            metric(SERIES, Instant.parse("+10000-01-01T00:00:00Z"), 1),
            metric(SERIES, Instant.parse("-0001-01-01T00:00:00Z"), 1));
    List<Metric> all = new ArrayList<>(bad);
    all.add(good);

    RecordItems items = RecordItems.of(WINDOW_START, all);

    assertThat(items.rejected())
        .extracting(Failed::id)
        .containsExactlyElementsOf(bad.stream().map(Metric::id).toList());
    assertThat(items.items()).hasSize(1);
  }

  private static String keyOf(Instant windowStart, List<Metric> metrics) {
    return RecordItems.of(windowStart, metrics).items().get(0).key().sort();
  }

  private static List<Instant> starts(Instant windowStart, Instant... points) {
    List<Metric> metrics = new ArrayList<>();
    for (Instant point : points) {
      metrics.add(metric(SERIES, point, 1));
    }
    return RecordItems.of(windowStart, metrics).items().stream()
        .map(item -> RecordItem.start(item.key().sort()))
        .toList();
  }
}
