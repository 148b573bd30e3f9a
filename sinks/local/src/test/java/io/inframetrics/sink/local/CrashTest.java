package io.inframetrics.sink.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process dies right after each step that outlives it. The next process finds every object and
 * batch whole or absent, and the same work done again completes it.
 */
class CrashTest {

  @TempDir Path root;

  private final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());

  @Test
  void losesAndDoublesNothingWhereverAProcessDies() throws Exception {
    int steps = countSteps();
    assertThat(steps).as("steps of the work").isGreaterThan(25);
    Process process = ChildProcess.dying(root, steps);
    List<String> lastSteps = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as("exit status after %s", lastSteps).isEqualTo(137);
    assertThat(lastSteps).hasSize(steps);

    for (int step = 1; step <= steps; step++) {
      Path folder = root.resolve(String.valueOf(step));
      String when = "a crash at step %d, %s".formatted(step, lastSteps.get(step - 1));
      try (LocalStores stores = LocalStores.open(folder, clock)) {
        assertNothingIsHalf(stores, "after " + when);
        ChildProcess.work(stores);
        assertComplete(stores, folder, "repaired after " + when);
      }
    }
    assertThat(lastSteps.stream().map(FailPoints.Step::valueOf).collect(Collectors.toSet()))
        .as("kinds of steps")
        .containsExactlyInAnyOrder(FailPoints.Step.values());
  }

  @Test
  void carriesOnInTheSameProcessWhereverAStepFails() throws IOException {
    int steps = countSteps();
    for (int step = 1; step <= steps; step++) {
      Path folder = root.resolve("failure-" + step);
      int last = step;
      AtomicInteger reached = new AtomicInteger();
      FailPoints failPoints =
          point -> {
            if (reached.incrementAndGet() == last) {
              throw new RetryableFailureException("planned failure at " + point);
            }
          };
      try (LocalStores stores = LocalStores.open(folder, clock, failPoints)) {
        assertThatThrownBy(() -> ChildProcess.work(stores))
            .isInstanceOf(RetryableFailureException.class);
        String when = "after a failure at step " + step;
        assertNothingIsHalf(stores, when);
        ChildProcess.work(stores);
        assertComplete(stores, folder, when);
      }
    }
  }

  private int countSteps() throws IOException {
    AtomicInteger steps = new AtomicInteger();
    try (LocalStores stores =
        LocalStores.open(root.resolve("counted"), clock, step -> steps.incrementAndGet())) {
      ChildProcess.work(stores);
    }
    return steps.get();
  }

  private static void assertNothingIsHalf(LocalStores stores, String when) throws IOException {
    if (stores.rawMetricSource().list("raw-metrics/", Deadlines.never()).isEmpty()) {
      assertThat(stores.rawMetricSource().open(RawFiles.KEY, Deadlines.never())).as(when).isEmpty();
    } else {
      assertRawFile(stores, when);
    }
    int points = points(stores).size();
    assertThat(points).as(when).isIn(0, 1_000, ChildProcess.METRICS.size());
    boolean marked =
        !stores.runLedger().processed(List.of(RawFiles.KEY), Deadlines.never()).isEmpty();
    if (marked) {
      assertThat(points)
          .as("a mark means that records are safe, " + when)
          .isEqualTo(ChildProcess.METRICS.size());
    }
    if (stores.runLedger().collectedUntil(ChildProcess.TYPE, Deadlines.never()).isPresent()) {
      assertThat(marked).as("marks are in order, " + when).isTrue();
    }
    List<String> quarantined = stores.documentStore().list("quarantine/", Deadlines.never());
    assertThat(quarantined).as(when).hasSizeLessThan(2);
    for (String key : quarantined) {
      assertThat(text(stores.documentStore().open(key, Deadlines.never()).orElseThrow()))
          .isEqualTo("bad line\n");
    }
  }

  private static void assertComplete(LocalStores stores, Path folder, String when)
      throws IOException {
    assertRawFile(stores, when);
    assertThat(points(stores)).as(when).hasSize(ChildProcess.METRICS.size());
    assertThat(stores.runLedger().processed(List.of(RawFiles.KEY), Deadlines.never())).hasSize(1);
    assertThat(stores.runLedger().collectedUntil(ChildProcess.TYPE, Deadlines.never()))
        .contains(SampleMetrics.RUN.observedAt());
    assertThat(stores.runLedger().analysisMarks("anomalies", Deadlines.never()))
        .as(when)
        .containsExactly(ChildProcess.FINDING);
    assertThat(stores.documentStore().list("quarantine/", Deadlines.never()))
        .as(when)
        .containsExactly(ChildProcess.REPLAYED);
    assertThat(stores.documentStore().list("reports/", Deadlines.never()))
        .containsExactly(ChildProcess.REPORT);
    try (Stream<Path> letters = Files.list(folder.resolve("notifications"));
        Stream<Path> staged = Files.list(folder.resolve(".staging"))) {
      assertThat(letters.toList()).as(when).hasSize(1);
      assertThat(staged.toList()).as(when).isEmpty();
    }
    assertThat(RawFiles.store(stores, SampleMetrics.RUN, RawFiles.KEY, "again"))
        .as(when)
        .isEqualTo(new Commit(RawFiles.KEY, false));
    WriteResult again =
        SampleMetrics.batches(ChildProcess.METRICS).stream()
            .map(batch -> stores.metricRecordSink().write(batch, Deadlines.never()))
            .reduce(WriteResult.NOTHING, WriteResult::plus);
    assertThat(again).as(when).isEqualTo(WriteResult.duplicate(ChildProcess.METRICS.size()));
  }

  private static void assertRawFile(LocalStores stores, String when) throws IOException {
    assertThat(stores.rawMetricSource().list("raw-metrics/", Deadlines.never()))
        .as(when)
        .containsExactly(RawFiles.KEY);
    StoredObject object =
        stores.rawMetricSource().open(RawFiles.KEY, Deadlines.never()).orElseThrow();
    assertThat(object.runId()).as(when).isEqualTo(SampleMetrics.RUN.runId());
    assertThat(object.windowStart()).as(when).isEqualTo(SampleMetrics.WINDOW_START);
    assertThat(text(object)).as(when).isEqualTo(ChildProcess.RAW);
  }

  private static List<Point> points(LocalStores stores) {
    List<Point> points = new ArrayList<>();
    for (Series series : ChildProcess.METRICS.stream().map(Metric::series).distinct().toList()) {
      points.addAll(
          stores
              .metricHistory()
              .points(
                  series,
                  SampleMetrics.WINDOW_START,
                  SampleMetrics.RUN.observedAt(),
                  10_000,
                  Deadlines.never()));
    }
    return points;
  }

  private static String text(StoredObject object) throws IOException {
    try (object) {
      return new String(object.body().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
