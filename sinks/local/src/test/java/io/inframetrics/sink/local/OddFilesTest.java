package io.inframetrics.sink.local;

import static io.inframetrics.sink.local.RawFiles.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and other programs leave in a data folder. */
class OddFilesTest {

  @TempDir Path folder;

  private final List<String> delivered = new ArrayList<>();
  private Path data;
  private Path day;

  @BeforeEach
  void createADay() throws IOException {
    data = folder.resolve("data");
    day = Files.createDirectories(data.resolve("raw-metrics/2026/02/19"));
    Files.writeString(data.resolve(KEY), "{}");
  }

  private LocalStores open() {
    return LocalStores.open(data, ManualClock.at(SampleMetrics.RUN.observedAt()));
  }

  /** Delivers at once, without retries. */
  private static final class AtOnce implements RawFileEvents.Workers {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void executeAfter(Duration delay, Runnable task) {
      task.run();
    }

    @Override
    public void close() {
      // Nothing runs.
    }
  }

  @Test
  void linksBelowRawMetricsAreNotFollowed() throws IOException {
    Path outside = Files.writeString(folder.resolve("outside.json"), "secret");
    Files.createSymbolicLink(day.resolve("here"), Path.of("."));
    Files.createSymbolicLink(day.resolve("there"), Path.of("."));
    Files.createSymbolicLink(day.resolve("parent"), Path.of(".."));
    Files.createSymbolicLink(day.resolve("metrics-disk_usage-1771500463.json"), outside);
    Files.createSymbolicLink(data.resolve("raw-metrics/2027"), folder);
    try (LocalStores stores = open()) {
      stores.deliverTo(delivered::add, new AtOnce());

      assertThat(delivered).containsExactly(KEY);
      assertThat(stores.rawMetricSource().list("raw-metrics/", Deadlines.never()))
          .containsExactly(KEY);
      for (String key :
          List.of(
              "raw-metrics/2026/02/19/metrics-disk_usage-1771500463.json",
              "raw-metrics/2026/02/19/here/metrics-cpu_utilization-1771500463.json",
              "raw-metrics/2027/outside.json")) {
        assertThat(stores.rawMetricSource().open(key, Deadlines.never())).as(key).isEmpty();
      }
      assertThatThrownBy(
              () -> RawFiles.store(stores, SampleMetrics.RUN, "raw-metrics/2027/x.json", "x"))
          .hasMessageContaining("is a link where a folder is needed");
      assertThat(folder.resolve("x.json")).doesNotExist();
    }
  }

  @Test
  void aStagingFolderThatIsALinkIsRefusedWithoutDeletingAnything() throws IOException {
    Path precious = Files.createDirectories(folder.resolve("precious"));
    Path letter = Files.writeString(precious.resolve("letter.txt"), "Dear");
    Files.createSymbolicLink(data.resolve(".staging"), precious);

    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(".staging: it is a link")
        .hasMessageContaining("remove the link");
    assertThat(letter).exists();
  }

  @Test
  void aLockThatIsALinkIsNotWrittenThrough() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious.txt"), "Dear");
    Files.createSymbolicLink(data.resolve(".lock"), precious);

    assertThatThrownBy(this::open).isInstanceOf(IllegalArgumentException.class);
    assertThat(precious).hasContent("Dear");
  }

  @Test
  void whatIsInTheStagingFolderStopsNothing() throws IOException {
    Files.createDirectories(data.resolve(".staging/a folder/in a folder"));
    Files.writeString(data.resolve(".staging/1.part"), "half");

    open().close();

    assertThat(data.resolve(".staging/1.part")).doesNotExist();
  }

  @Test
  void aStagingFolderThatIsRemovedIsCreatedAgain() throws IOException {
    try (LocalStores stores = open()) {
      Files.delete(data.resolve(".staging"));

      RawFiles.store(stores, SampleMetrics.RUN, "raw-metrics/x.json", "x");
    }
    assertThat(data.resolve("raw-metrics/x.json")).hasContent("x");
  }

  @Test
  void foldersThatAreTooDeepAreSkipped() throws IOException {
    Path deep = day;
    for (int i = 0; i < 9; i++) {
      deep = deep.resolve("x".repeat(120));
      Files.createDirectories(deep);
      Files.writeString(deep.resolve("metrics-disk_usage-1771500463.json"), "{}");
    }
    try (LocalStores stores = open()) {
      RawFileEvents events = stores.deliverTo(delivered::add, new AtOnce());

      assertThat(delivered).contains(KEY).hasSize(8).doesNotHaveDuplicates();
      assertThat(events.failed()).isEmpty();
    }
  }

  @Test
  void aPipeIsNotOpened() throws Exception {
    Process made = new ProcessBuilder("mkfifo", day.resolve("metrics-a-1.json").toString()).start();
    org.junit.jupiter.api.Assumptions.assumeTrue(made.waitFor() == 0, "there is mkfifo");
    try (LocalStores stores = open()) {
      stores.deliverTo(delivered::add, new AtOnce());

      assertThat(delivered).containsExactly(KEY);
    }
  }

  @Test
  void aFileThatNoAttemptCanHelpIsLeftAloneUntilItChanges() throws IOException {
    try (LocalStores stores = open()) {
      RawFileEvents events =
          stores.deliverTo(
              key -> {
                delivered.add(key);
                throw new InvalidRequestException("nobody can read this");
              },
              new AtOnce());
      assertThat(events.scan()).isZero();
      assertThat(delivered).containsExactly(KEY);
      assertThat(events.failed()).isEqualTo(Map.of(KEY, "nobody can read this"));

      Files.writeString(data.resolve(KEY), "corrected");

      assertThat(events.failed()).isEmpty();
      assertThat(events.scan()).isEqualTo(1);
      Files.delete(data.resolve(KEY));
      assertThat(events.failed()).isEmpty();
      assertThat(events.scan()).isZero();
    }
  }

  @Test
  void aFileWhoseFailureMayHealIsTriedOnceAtEachScan() throws IOException {
    boolean[] healed = new boolean[1];
    try (LocalStores stores = open()) {
      RawFileEvents events =
          stores.deliverTo(
              key -> {
                delivered.add(key);
                if (!healed[0]) {
                  throw new IOException("no space left");
                }
              },
              new AtOnce());
      assertThat(delivered).hasSize(RawFileEvents.MAX_ATTEMPTS);
      events.scan();
      assertThat(delivered).hasSize(RawFileEvents.MAX_ATTEMPTS + 1);
      assertThat(events.failed()).isEqualTo(Map.of(KEY, "IOException: no space left"));

      healed[0] = true;
      events.scan();

      assertThat(events.failed()).isEmpty();
    }
  }

  @Test
  void knowsWhetherTheFolderIsTheOneThatWasOpened() throws IOException {
    try (LocalStores stores = open()) {
      assertThat(stores.isStillThere()).isTrue();
      Files.copy(data.resolve("inframetrics.db"), folder.resolve("copy"));
      Files.move(
          folder.resolve("copy"),
          data.resolve("inframetrics.db"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      assertThat(stores.isStillThere()).isFalse();
    }
    try (LocalStores stores = open()) {
      Files.move(data, folder.resolve("moved"));
      assertThat(stores.isStillThere()).isFalse();
      Files.createDirectories(data);
      assertThat(stores.isStillThere()).isFalse();
    }
  }
}
