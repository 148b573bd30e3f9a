package io.inframetrics.cli;

import io.inframetrics.cli.monitor.StopRequest;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.sink.local.RawFileEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A monitor in a process of its own, with a run a virtual minute, to which something happens
 * between most of its runs: clocks that are set, full disks, odd files. The same seed gives the
 * same trouble.
 */
final class TroubledMonitor extends VirtualContext {

  private final Random random;
  private final Path data;
  private final SmallDisk disk;
  private final int runs;
  private Instant time;
  private long nanos;
  private int run;
  private boolean full;
  private int files;

  private TroubledMonitor(long seed, Path data, boolean mounted, int runs, Instant start) {
    this.random = new Random(seed);
    this.data = data;
    this.disk = new SmallDisk(data, mounted);
    this.runs = runs;
    this.time = start;
    clock.set(start);
  }

  /** Arguments: seed, data folder, whether it is a small disk, runs, start. */
  public static void main(String[] arguments) {
    int runs = Integer.parseInt(arguments[3]);
    CommandContext around =
        new TroubledMonitor(
            Long.parseLong(arguments[0]),
            Path.of(arguments[1]),
            Boolean.parseBoolean(arguments[2]),
            runs,
            Instant.parse(arguments[4]));
    System.exit(
        Main.commandLine(System.out, System.err, around)
            .execute(
                "run",
                "--source=synthetic",
                "--every=1m",
                "--runs=" + runs,
                "--data=" + arguments[1]));
  }

  @Override
  public Map<String, String> environment() {
    // What is compared in the end must still be there.
    return Map.of("INFRAMETRICS_RETENTION", "P3650D", "INFRAMETRICS_FILE_RETENTION", "P3650D");
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  RawFileEvents deliverTo(LocalStores stores, RawFileEvents.Listener listener) {
    return stores.deliverTo(listener, new WithoutDelays());
  }

  @Override
  public void await(Duration wait, StopRequest stop) {
    if (wait.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new AssertionError("a wait of " + wait);
    }
    run++;
    nanos += wait.toNanos();
    time = time.plus(wait);
    clock.set(clock.instant().plus(wait));
    if (full) {
      disk.empty();
      full = false;
    }
    if (run % 15 == 10) {
      report();
    }
    if (run > runs - 5) {
      clock.set(time); // The last runs are without trouble, and find what was left.
      return;
    }
    try {
      trouble();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void trouble() throws IOException {
    switch (random.nextInt(8)) {
      case 0, 1 -> // At most two hours apart: no file may be further ahead of the clock.
          clock.set(time.plusSeconds(random.nextInt(2 * 55 * 60) - 55 * 60));
      case 2 -> {
        disk.fill(random.nextInt(200_000));
        full = true;
      }
      case 3 -> drop("metrics-disk_usage-%d.json".formatted(second()), good() + good() + good());
      case 4 -> drop("metrics-disk_usage-%d.json".formatted(second()), good() + "{\"half\n");
      case 5 -> {
        byte[] noise = new byte[random.nextInt(5_000)];
        random.nextBytes(noise);
        drop("noise-%d.json".formatted(files++), new String(noise, StandardCharsets.ISO_8859_1));
      }
      case 6 -> {
        link(day().resolve("link-" + files++), Path.of(random.nextBoolean() ? "." : ".."));
        link(
            day().resolve("metrics-cpu_utilization-%d.json".formatted(second())),
            Path.of("/etc/hosts"));
      }
      default -> {
        Files.createDirectories(day().resolve(("d".repeat(200) + "/").repeat(6)));
        try (Stream<Path> staged = Files.list(data.resolve(".staging"))) {
          if (staged.findAny().isEmpty()) {
            Files.delete(data.resolve(".staging"));
          }
        }
      }
    }
  }

  private Path day() throws IOException {
    String date = time.toString().substring(0, 10).replace('-', '/');
    return Files.createDirectories(data.resolve("raw-metrics/" + date));
  }

  private long second() {
    // Of the same day, and earlier than any run of it.
    return time.getEpochSecond() / 86_400 * 86_400 + 7 + files++;
  }

  private String good() {
    return """
        {"metric_type":"disk_usage","timestamp":%d,"value":%d.5,"unit":"Percent","instance_id":"by-hand-%d","region":"here"}
        """
        .formatted(time.getEpochSecond() / 86_400 * 86_400 + 7, random.nextInt(90), files++);
  }

  /** Writes a file elsewhere and then moves it, as the guide says. */
  private void drop(String name, String text) throws IOException {
    Path written = data.resolve(".dropped");
    Files.writeString(written, text, StandardCharsets.ISO_8859_1);
    Files.move(written, day().resolve(name));
  }

  private static void link(Path link, Path target) throws IOException {
    try {
      Files.createSymbolicLink(link, target);
    } catch (FileAlreadyExistsException e) {
      return; // Enough for a day.
    }
  }

  /** What must stay flat. */
  private void report() {
    System.gc();
    Path descriptors = Path.of("/proc/self/fd");
    long open = -1;
    if (Files.isDirectory(descriptors)) {
      try (Stream<Path> all = Files.list(descriptors)) {
        open = all.count();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    System.out.printf(
        "used %d KB, %d descriptors, %d threads%n",
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10,
        open,
        Thread.activeCount());
  }
}
