package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.encode.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real command is killed at random moments, from the start of its JVM to the end of a run, and
 * started again each time. In the end nothing is lost, doubled or half. {@code
 * -Dinframetrics.soak.seed=N} repeats the moments of another time.
 */
@Tag("soak")
@Timeout(600)
class KilledRunsSoakTest {

  private static final int KILLS = 20;

  /** A run waits for a second in between; with the start of a JVM it has ended by then. */
  private static final int LATEST_MILLIS = 4_000;

  /** Most of a run is that wait: as many kills again aim at what is done before and after it. */
  private static final int AIMED_BEFORE = 14;

  private static final int AIMED_AFTER = 6;
  private static final int BUSY_MILLIS = 400;

  private final long seed = Long.getLong("inframetrics.soak.seed", System.nanoTime());

  @TempDir Path folder;

  @Test
  void losesAndDoublesNothingHoweverOftenItIsKilled() throws Exception {
    System.out.printf("-Dinframetrics.soak.seed=%d%n", seed);
    DataFolder data = new DataFolder(folder.resolve("data"));
    Path log = folder.resolve("output.txt");
    Map<String, String> committed = new HashMap<>();
    int cutShort = 0;

    for (Kill kill : kills()) {
      try (ChildCommand command = start(kill, data, log)) {
        assertThat(command.endsWithin(kill.millis()))
            .as("ended by itself, see:\n%s", tail(log))
            .isFalse();
        assertThat(command.kill()).as("exit of a killed process").isEqualTo(137);
      }
      Map<String, String> files = rawFiles(data);
      assertThat(files).as("%s, seed %d", kill, seed).containsAllEntriesOf(committed);
      if ((files.size() - committed.size()) % 4 != 0 || !data.keys(".staging").isEmpty()) {
        cutShort++;
      }
      committed.putAll(files);
    }
    try (ChildCommand command = ChildCommand.startInto(log, Main.class, run(data, "--runs", "1"))) {
      assertThat(command.exitCode()).as(tail(log)).isZero();
    }

    assertWhole(data, committed);
    System.out.printf(
        "seed %d: %d kills, %d of them while raw files were written;"
            + " %d raw files, %d records, %d whole runs%n",
        seed,
        KILLS + AIMED_BEFORE + AIMED_AFTER,
        cutShort,
        data.keys("raw-metrics").size(),
        data.records().size(),
        data.keys("runs").stream().filter(key -> key.endsWith("run.json")).count());
  }

  private static ChildCommand start(Kill kill, DataFolder data, Path log) throws Exception {
    if (kill.after() == null) {
      return ChildCommand.startInto(log, Main.class, run(data, "--every", "1s"));
    }
    ChildCommand command = ChildCommand.start(Main.class, run(data, "--every", "1s"));
    command.readUntil(kill.after());
    return command;
  }

  /**
   * When to kill.
   *
   * @param after the process said this; null to count from its start
   * @param millis how much later
   */
  private record Kill(String after, int millis) {}

  private void assertWhole(DataFolder data, Map<String, String> committed) {
    List<String> rawFiles = data.keys("raw-metrics");
    assertThat(rawFiles).as("raw files").hasSizeGreaterThan(4);
    assertThat(rawFiles(data)).as("seed %d", seed).containsAllEntriesOf(committed);
    assertThat(data.processed()).as("marks, seed %d", seed).isEqualTo(rawFiles);
    for (String key : rawFiles) {
      assertThat(data.rawLines(key))
          .as("%s, seed %d", key, seed)
          .isNotEmpty()
          .hasOnlyElementsOfType(Line.Good.class);
      assertThat(data.text(key)).endsWith("\n");
    }
    assertThat(data.records()).as("records, seed %d", seed).isEqualTo(data.observations());
    assertThat(data.keys("quarantine")).isEmpty();
    assertThat(data.keys(".staging")).isEmpty();
    assertThat(data.rows("PRAGMA integrity_check")).containsExactly(List.of("ok"));
    assertThat(data.rows("PRAGMA foreign_key_check")).isEmpty();
    assertThat(data.keys("points"))
        .isNotEmpty()
        .allSatisfy(key -> data.text(key).lines().forEach(InputFile.JSON::readTree));
    assertThat(data.keys("runs"))
        .filteredOn(key -> key.endsWith("run.json"))
        .isNotEmpty()
        .allSatisfy(key -> assertThat(data.json(key).isObject()).isTrue());
  }

  /** One in each twentieth of the time, and those that aim; in any order. */
  private List<Kill> kills() {
    Random random = new Random(seed);
    int part = LATEST_MILLIS / KILLS;
    List<Kill> kills = new ArrayList<>();
    for (int i = 0; i < KILLS; i++) {
      kills.add(new Kill(null, i * part + random.nextInt(part)));
    }
    for (int i = 0; i < AIMED_BEFORE; i++) {
      kills.add(new Kill("ParallelDataCollection started", random.nextInt(BUSY_MILLIS)));
    }
    for (int i = 0; i < AIMED_AFTER; i++) {
      kills.add(new Kill("CheckPipelineHealth started", random.nextInt(BUSY_MILLIS)));
    }
    Collections.shuffle(kills, random);
    return kills;
  }

  private static Object[] run(DataFolder data, String option, String value) {
    return new Object[] {
      "run", "--verbose", "--source", "synthetic", "--data", data.root(), option, value
    };
  }

  private static Map<String, String> rawFiles(DataFolder data) {
    Map<String, String> files = new HashMap<>();
    data.keys("raw-metrics").forEach(key -> files.put(key, data.text(key)));
    return files;
  }

  private static String tail(Path log) throws Exception {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }
}
