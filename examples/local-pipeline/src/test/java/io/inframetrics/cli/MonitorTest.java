package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.monitor.StopRequest;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.sink.local.RawFileEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A monitor to which odd things happen between its runs. */
@Timeout(60)
class MonitorTest {

  @TempDir Path folder;

  private DataFolder data;

  @BeforeEach
  void nameTheFolder() {
    data = new DataFolder(folder.resolve("data"));
  }

  /** A minute from run to run, and something else at the end of each; retries take no time. */
  private static class Eventful extends VirtualContext {

    private final Queue<Runnable> events;
    private long nanos;

    Eventful(Runnable... events) {
      this.events = new ArrayDeque<>(List.of(events));
    }

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public void await(Duration time, StopRequest stop) {
      assertThat(time).isLessThanOrEqualTo(Duration.ofMinutes(1));
      nanos += time.toNanos();
      clock.advance(time);
      events.remove().run();
    }

    @Override
    RawFileEvents deliverTo(LocalStores stores, RawFileEvents.Listener listener) {
      return stores.deliverTo(listener, new WithoutDelays());
    }
  }

  private Executed runs(VirtualContext around, int runs) {
    return Executed.command(
        around,
        "run",
        "--source=synthetic",
        "--runs=" + runs,
        "--every=1m",
        "--data=" + data.root());
  }

  private Runnable anyway(IOAction action) {
    return () -> {
      try {
        action.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private interface IOAction {
    void run() throws IOException;
  }

  @Test
  void aRunThatCannotBeRecordedFailsAloneAndTheNextOneStarts() {
    Path runs = data.root().resolve("runs");
    Path aside = folder.resolve("aside");
    Executed monitor =
        runs(
            new Eventful(
                anyway(
                    () -> {
                      Files.move(runs, aside);
                      Files.writeString(runs, "a file where a folder is needed");
                    }),
                anyway(() -> Files.delete(runs))),
            3);

    assertThat(monitor.exitCode()).isEqualTo(1);
    assertThat(monitor.out().lines().filter(line -> line.contains("FAILED")))
        .singleElement()
        .asString()
        .matches("run local-\\S+ FAILED: .*runs.*");
    assertThat(monitor.out() + monitor.err()).doesNotContain("\tat ");
    assertThat(data.keys("runs")).hasSize(1);
    assertThat(data.keys("raw-metrics")).hasSize(12).isEqualTo(data.processed());
    assertThat(data.records()).isEqualTo(data.observations());
    assertThat(data.text("inframetrics.log.0")).contains("Not a directory");
  }

  @Test
  void aDeletedFolderIsOpenedAgain() {
    Executed monitor =
        runs(new Eventful(() -> delete(data.root()), () -> rename(data.root()), () -> {}), 4);

    assertThat(monitor.exitCode()).as(monitor.out()).isZero();
    assertThat(monitor.err().lines())
        .hasSize(2)
        .allMatch(
            line ->
                line.equals(
                    "note: data folder '%s' was deleted or replaced by another program: it is opened again"
                        .formatted(data.root())));
    assertThat(data.keys("runs")).hasSize(2);
    assertThat(data.records()).isNotEmpty().isEqualTo(data.observations());
  }

  private static void delete(Path path) {
    try (var all = Files.walk(path)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void rename(Path path) {
    try {
      Files.move(path, path.resolveSibling("renamed"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void setBackTheClockStopsNothingAndSendsNothingTwice() {
    Eventful[] around = new Eventful[1];
    Runnable nothing = () -> {};
    Runnable back = () -> around[0].clock.advance(Duration.ofSeconds(-150));
    Runnable forward = () -> around[0].clock.advance(Duration.ofSeconds(150));
    around[0] =
        new Eventful(nothing, nothing, back, nothing, nothing, forward, back, nothing, nothing);

    Executed monitor = runs(around[0], 10);

    assertThat(monitor.exitCode()).as(monitor.out()).isZero();
    assertThat(monitor.err().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("note: the clock was set "));
    List<String> points =
        data.keys("points").stream().flatMap(key -> data.text(key).lines()).toList();
    assertThat(points).isNotEmpty();
    assertThat(points.stream().map(MonitorTest::identity).toList())
        .hasSameSizeAs(new HashSet<>(points.stream().map(MonitorTest::identity).toList()));
    assertThat(data.records()).isEqualTo(data.observations()).hasSameSizeAs(points);
  }

  static String identity(String point) {
    JsonNode json = InputFile.JSON.readTree(point);
    return "%s %s %s %s"
        .formatted(
            json.path("metric_type"),
            json.path("instance_id"),
            json.path("dimensions"),
            json.path("timestamp"));
  }

  @Test
  void aDroppedFileWithRejectedLinesDegradesOneRunThatNamesIt() {
    String key = "raw-metrics/2026/02/19/metrics-disk_usage-1771500000.json";
    Executed monitor =
        runs(new Eventful(() -> data.write(key, "{\"half\": \nnot JSON\n"), () -> {}), 3);

    assertThat(monitor.exitCode()).as(monitor.err()).isZero();
    assertThat(monitor.out().lines().filter(line -> line.contains("SUCCEEDED")))
        .extracting(line -> line.replaceAll("run \\S+ (SUCCEEDED, \\w+),.*", "$1"))
        .containsExactly("SUCCEEDED, HEALTHY", "SUCCEEDED, DEGRADED", "SUCCEEDED, HEALTHY");
    assertThat(monitor.out())
        .containsOnlyOnce(
            "  not processed: %s: 2 lines rejected, see quarantine/%s".formatted(key, key));
  }

  @Test
  void aFileThatCanNeverBeProcessedIsNamedUntilItIsRemoved() {
    // The name of its reasons would be too long.
    String key = "raw-metrics/2026/02/19/%s.json".formatted("x".repeat(245));
    Executed monitor =
        runs(
            new Eventful(
                () -> data.write(key, "not JSON\n"),
                () -> {},
                anyway(() -> Files.delete(data.root().resolve(key)))),
            4);

    assertThat(monitor.exitCode()).as(monitor.err()).isZero();
    assertThat(monitor.out().lines().filter(line -> line.contains("SUCCEEDED")))
        .extracting(line -> line.replaceAll("run \\S+ (SUCCEEDED, \\w+),.*", "$1"))
        .containsExactly(
            "SUCCEEDED, HEALTHY",
            "SUCCEEDED, DEGRADED",
            "SUCCEEDED, DEGRADED",
            "SUCCEEDED, HEALTHY");
    assertThat(monitor.out()).contains("  not processed: " + key + ": ");
    assertThat(data.keys("notifications"))
        .filteredOn(letter -> data.text(letter).contains("DEGRADED"))
        .hasSize(2)
        .allMatch(letter -> data.text(letter).contains("but not 1 other file"));
  }
}
