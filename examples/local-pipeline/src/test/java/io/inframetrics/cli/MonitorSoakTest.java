package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Monitors that are in trouble all the time: their clock is set, their disk is full, odd files are
 * dropped, and most of them are killed. In the end nothing is lost, nothing is there twice, no
 * monitor has stopped by itself, and memory, descriptors and threads are flat.
 *
 * <p>Takes about 45 seconds. {@code -Dinframetrics.soak.seconds=600} makes it ten minutes, 3600 an
 * hour; {@code -Dinframetrics.soak.seed=N} repeats the trouble of another time, but not the moments
 * of the kills.
 */
@Tag("soak")
class MonitorSoakTest {

  private static final Pattern USE =
      Pattern.compile("used (\\d+) KB, (-?\\d+) descriptors, (\\d+) threads");

  private static final Instant START = Instant.parse("2026-02-19T06:00:00Z");

  /** More runs than a killed monitor gets to, all of them on one day. */
  private static final int ENDLESS = 1_000;

  private final long seed = Long.getLong("inframetrics.soak.seed", System.nanoTime());
  private final Duration time = Duration.ofSeconds(Long.getLong("inframetrics.soak.seconds", 45));

  @TempDir Path folder;

  @Test
  void nothingIsLostNothingIsTwiceAndNoMonitorStops() throws Exception {
    System.out.printf(
        "-Dinframetrics.soak.seed=%d -Dinframetrics.soak.seconds=%d%n", seed, time.toSeconds());
    Random random = new Random(seed);
    Path root = folder.resolve("data");
    SmallDisk disk = SmallDisk.mount(root);
    try {
      DataFolder data = new DataFolder(root);
      Map<String, String> committed = new HashMap<>();
      long end = System.nanoTime() + time.toNanos() * 2 / 3;
      int round = 0;
      while (round < 3 || System.nanoTime() < end) {
        Path log = folder.resolve("monitor-%d.txt".formatted(round));
        try (ChildCommand monitor = start(log, random, root, disk, ENDLESS, round)) {
          awaitRuns(monitor, log);
          assertThat(monitor.endsWithin(random.nextInt(3_000))).as(() -> tail(log)).isFalse();
          monitor.kill();
        }
        disk.empty();
        assertNoStackTrace(log);
        Map<String, String> files = rawFiles(data);
        assertThat(files).as("round %d, seed %d", round, seed).containsAllEntriesOf(committed);
        committed.putAll(files);
        round++;
      }
      Path log = folder.resolve("monitor-last.txt");
      int runs = (int) Math.min(ENDLESS, 40 + time.toSeconds() / 4);
      try (ChildCommand monitor = start(log, random, root, disk, runs, round)) {
        assertThat(monitor.exitCode()).as(() -> tail(log)).isIn(0, 1);
      }
      assertNoStackTrace(log);
      assertThat(runs(log)).as("runs of the last monitor, seed %d", seed).hasSize(runs);
      assertFlat(log);
      assertWhole(data, committed);
      System.out.printf(
          "seed %d: %d monitors killed, then %d runs; %s; %d raw files, %d records, %d points%n",
          seed,
          round,
          runs,
          disk.isMounted() ? "full disks" : "no permission to write instead of full disks",
          data.keys("raw-metrics").size(),
          data.records().size(),
          points(data).size());
    } finally {
      disk.unmount();
    }
  }

  /** A machine with much to do takes long to start a JVM. */
  private void awaitRuns(ChildCommand monitor, Path log) throws Exception {
    while (runs(log).size() < 3) {
      assertThat(monitor.endsWithin(50)).as(() -> tail(log)).isFalse();
    }
  }

  /** The ids of the runs that have ended, successfully or not. */
  private static Set<String> runs(Path log) throws IOException {
    Set<String> ids = new HashSet<>();
    for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
      if (line.startsWith("run local-")) {
        ids.add(line.split(" ")[1]);
      }
    }
    return ids;
  }

  private ChildCommand start(
      Path log, Random random, Path root, SmallDisk disk, int runs, int round) throws Exception {
    return ChildCommand.startInto(
        log,
        TroubledMonitor.class,
        random.nextLong(),
        root,
        disk.isMounted(),
        runs,
        START.plus(Duration.ofDays(round)));
  }

  private void assertNoStackTrace(Path log) throws Exception {
    assertThat(Files.readAllLines(log))
        .as("seed %d", seed)
        .noneMatch(line -> line.startsWith("\tat "));
  }

  private void assertFlat(Path log) throws Exception {
    List<long[]> uses = new ArrayList<>();
    Matcher use = USE.matcher(Files.readString(log));
    while (use.find()) {
      uses.add(
          new long[] {
            Long.parseLong(use.group(1)), Long.parseLong(use.group(2)), Long.parseLong(use.group(3))
          });
    }
    long[] first = uses.get(0);
    long[] last = uses.get(uses.size() - 1);
    assertThat(uses).hasSizeGreaterThan(1);
    assertThat(last[0]).as("KB in use, seed %d", seed).isLessThan(first[0] + 20_000);
    assertThat(last[1]).as("descriptors, seed %d", seed).isLessThanOrEqualTo(first[1] + 10);
    assertThat(last[2]).as("threads, seed %d", seed).isLessThanOrEqualTo(first[2] + 10);
  }

  private void assertWhole(DataFolder data, Map<String, String> committed) {
    assertThat(rawFiles(data)).as("seed %d", seed).containsAllEntriesOf(committed);
    assertThat(data.processed()).as("marks, seed %d", seed).isEqualTo(data.keys("raw-metrics"));
    assertThat(data.records()).as("records, seed %d", seed).isEqualTo(data.observations());
    List<String> points = points(data);
    assertThat(points).isNotEmpty();
    assertThat(new HashSet<>(points)).as("points, seed %d", seed).hasSameSizeAs(points);
    List<String> notifications = data.keys("notifications");
    assertThat(new HashSet<>(notifications.stream().map(data::text).toList()))
        .hasSameSizeAs(notifications);
    assertThat(data.rows("PRAGMA integrity_check")).containsExactly(List.of("ok"));
    assertThat(data.keys(".staging")).isEmpty();
  }

  private static List<String> points(DataFolder data) {
    return data.keys("points").stream()
        .flatMap(key -> data.text(key).lines())
        .map(MonitorTest::identity)
        .toList();
  }

  private static Map<String, String> rawFiles(DataFolder data) {
    Map<String, String> files = new HashMap<>();
    for (String key : data.keys("raw-metrics")) {
      files.put(key, String.valueOf(hash(data, key)));
    }
    return files;
  }

  private static int hash(DataFolder data, String key) {
    try {
      return Arrays.hashCode(Files.readAllBytes(data.root().resolve(key)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
