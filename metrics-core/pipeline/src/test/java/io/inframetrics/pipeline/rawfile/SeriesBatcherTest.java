package io.inframetrics.pipeline.rawfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesBatcherTest {

  private final List<List<Metric>> batches = new ArrayList<>();
  private final SeriesBatcher batcher = new SeriesBatcher(1_000, batches::add);

  @Test
  void cutsBetweenTwoSeries() {
    add("a", 600);
    add("b", 600);
    batcher.finish();

    assertThat(batches).extracting(List::size).containsExactly(600, 600);
  }

  @Test
  void cutsASeriesThatFillsABatchAlone() {
    add("a", 2_500);
    batcher.finish();

    assertThat(batches).extracting(List::size).containsExactly(1_000, 1_000, 500);
  }

  @Test
  void fillsABatchToTheLimit() {
    add("a", 400);
    add("b", 600);
    add("c", 1);
    batcher.finish();

    assertThat(batches).extracting(List::size).containsExactly(1_000, 1);
  }

  @Test
  void cutsAfterFullStepsOfSeriesWhereTheyFit() {
    for (int i = 0; i < 60; i++) {
      add("s" + i, 36);
    }
    batcher.finish();

    assertThat(batches).extracting(List::size).containsExactly(25 * 36, 25 * 36, 10 * 36);
  }

  @Test
  void cutsAfterAsManyStepsAsFit() {
    for (int i = 0; i < 77; i++) {
      add("s" + i, 19);
    }
    batcher.finish();

    assertThat(batches).extracting(List::size).containsExactly(50 * 19, 27 * 19);
  }

  @Test
  void cutsBetweenSeriesThatAreTooLongForAStep() {
    for (int i = 0; i < 10; i++) {
      add("s" + i, 180);
    }
    batcher.finish();

    assertThat(batches).extracting(List::size).containsExactly(900, 900);
  }

  @Test
  void losesNothingWhateverTheOrder() {
    for (int i = 0; i < 3_333; i++) {
      add("s" + i % 7, 1);
    }
    batcher.finish();
    batcher.finish();

    assertThat(batches).allMatch(batch -> batch.size() <= 1_000);
    assertThat(batches.stream().mapToInt(List::size).sum()).isEqualTo(3_333);
  }

  @Test
  void givesNothingForNothing() {
    batcher.finish();

    assertThat(batches).isEmpty();
  }

  private void add(String instance, int count) {
    Series series = Series.of(MetricType.CPU_UTILIZATION, instance);
    CollectionRun run = new CollectionRun("r", Instant.EPOCH);
    for (int i = 0; i < count; i++) {
      batcher.add(
          new Metric(series, Instant.ofEpochSecond(i), i, MetricUnit.PERCENT, "local", run));
    }
  }
}
