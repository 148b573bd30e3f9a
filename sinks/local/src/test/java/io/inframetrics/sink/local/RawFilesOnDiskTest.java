package io.inframetrics.sink.local;

import static io.inframetrics.sink.local.RawFiles.DAY;
import static io.inframetrics.sink.local.RawFiles.KEY;
import static io.inframetrics.sink.local.RawFiles.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.sink.StoredObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawFilesOnDiskTest {

  @TempDir Path folder;

  private final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "raw-metrics/../secret.json",
        "raw-metrics/a/../../../etc/passwd",
        "raw-metrics/./a.json",
        "raw-metrics/.hidden/a.json",
        "raw-metrics//a.json",
        "raw-metrics/a/",
        "raw-metrics/",
        "/etc/passwd",
        "etc/passwd",
        "raw-metrics",
        "../raw-metrics/a.json",
        "inframetrics.db",
        "raw-metrics/nul\0.json",
        "raw-metrics/line\nbreak.json",
        "raw-metrics/half\uD800.json",
        ""
      })
  void refusesKeysThatCouldLeadElsewhere(String key) throws IOException {
    try (LocalStores stores = open()) {
      assertThatThrownBy(() -> store(stores, SampleMetrics.RUN, key, "x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("object key '")
          .hasMessageContaining("is rejected: ");
      assertThatThrownBy(() -> stores.rawMetricSource().open(key, Deadlines.never()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> stores.documentStore().create(key, Deadlines.never()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(stagedFiles()).isEmpty();
    }
  }

  @Test
  void refusesKeysThatAreTooLong() {
    try (LocalStores stores = open()) {
      store(stores, SampleMetrics.RUN, "raw-metrics/" + "x".repeat(255), "x");
      assertThatThrownBy(
              () -> store(stores, SampleMetrics.RUN, "raw-metrics/" + "x".repeat(256), "x"))
          .hasMessageContaining("each part must have at most 255 bytes");
      assertThatThrownBy(
              () -> store(stores, SampleMetrics.RUN, "raw-metrics/" + "x/".repeat(507), "x"))
          .hasMessageContaining("at most 1024 bytes");
    }
  }

  @Test
  void knowsNothingOfAFileThatWasPutThereByHand() throws IOException {
    try (LocalStores stores = open()) {
      drop(KEY, "by hand\n");

      assertThat(stores.rawMetricSource().list(DAY, Deadlines.never())).containsExactly(KEY);
      try (StoredObject object =
          stores.rawMetricSource().open(KEY, Deadlines.never()).orElseThrow()) {
        assertThat(object.runId()).isNull();
        assertThat(object.windowStart()).isNull();
        assertThat(object.body().readAllBytes()).asString().isEqualTo("by hand\n");
      }
      assertThatThrownBy(() -> store(stores, SampleMetrics.RUN, KEY, "mine"))
          .as("the key belongs to another run")
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(KEY);
    }
  }

  @Test
  void treatsAFileThatReplacedAnotherAsUnknown() throws IOException {
    try (LocalStores stores = open()) {
      store(stores, SampleMetrics.RUN, KEY, "same length");
      Files.writeString(folder.resolve(KEY), "SAME LENGTH");

      assertThatThrownBy(() -> store(stores, SampleMetrics.RUN, KEY, "mine"))
          .isInstanceOf(IllegalStateException.class);

      Files.writeString(folder.resolve(KEY), "another length");
      try (StoredObject object =
          stores.rawMetricSource().open(KEY, Deadlines.never()).orElseThrow()) {
        assertThat(object.runId()).isNull();
      }
    }
  }

  @Test
  void skipsHiddenFilesAndNamesThatNoKeyHas() throws IOException {
    try (LocalStores stores = open()) {
      drop(DAY + ".hidden.json", "");
      drop(DAY + "100%.json", "");
      drop(DAY + "a%3d.json", "");
      drop(DAY + "good.json", "");

      assertThat(stores.rawMetricSource().list(DAY, Deadlines.never()))
          .containsExactly(DAY + "good.json");
    }
  }

  @Test
  void removesWhatDeadProcessesLeftStaged() throws IOException {
    try (LocalStores stores = open()) {
      assertThat(stores.dataFolder()).isDirectory();
    }
    Files.writeString(folder.resolve(".staging/7.part"), "half a file");

    try (LocalStores stores = open()) {
      assertThat(stagedFiles()).isEmpty();
      store(stores, SampleMetrics.RUN, KEY, "whole");
      assertThat(stagedFiles()).as("none is left after a commit").isEmpty();
    }
  }

  private LocalStores open() {
    return LocalStores.open(folder, clock);
  }

  private void drop(String key, String content) throws IOException {
    Path file = folder.resolve(key);
    Files.createDirectories(file.getParent());
    Files.write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  private List<Path> stagedFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(".staging"))) {
      return files.toList();
    }
  }
}
