package io.inframetrics.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What Linux says of processes, and which processors they get. */
final class Processes {

  private static final double KILOBYTES = 1024;
  private static final double MILLIS_PER_TICK =
      10; // USER_HZ is 100 on every Linux that Java knows.

  private Processes() {}

  static double cpuMillis(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
  }

  /** The most memory that was resident, in megabytes. */
  static double peakMegabytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KILOBYTES)
        .findFirst()
        .orElseThrow();
  }

  /** Moves this process and its threads to these processors. */
  static void keepTo(String processors) throws IOException, InterruptedException {
    Process taskset =
        new ProcessBuilder(
                "taskset", "-acp", processors, Long.toString(ProcessHandle.current().pid()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (taskset.waitFor() != 0) {
      throw new IllegalStateException("taskset could not move this process to " + processors);
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
