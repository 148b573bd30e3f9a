package io.inframetrics.collect.host;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the machine says at this moment, and the time that passes on it. The only part of the host
 * source that touches the machine, so everything else is tested with a scripted one. Safe for use
 * by several threads.
 */
interface MachineProbe {

  /** The name of the machine; not blank. */
  String hostName() throws IOException;

  /** How busy the processors have been since some moment in the past. */
  CpuCounters cpu() throws IOException;

  MemoryState memory() throws IOException;

  /** The real file systems, each once. */
  List<DiskState> disks() throws IOException;

  /** What has passed the real network interfaces since some moment in the past. */
  List<InterfaceCounters> interfaces() throws IOException;

  /** Nanoseconds since some moment in the past. */
  long nanoTime();

  default void sleep(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }

  /** A new timer with a daemon thread of its own. */
  default ScheduledExecutorService timer() {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, "inframetrics-host-sampler");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Only differences of two readings mean something, and only with the same source.
   *
   * @param source whose counters these are, such as the machine's or a control group's
   * @param busy time spent working
   * @param capacity time that could have been spent, in the same unit
   */
  record CpuCounters(String source, double busy, double capacity) {}

  /**
   * Memory of the machine, or of the control group that limits this process.
   *
   * @param usedBytes what cannot be had back by dropping caches
   * @param limitBytes all there is; positive
   */
  record MemoryState(long usedBytes, long limitBytes) {}

  /**
   * One file system.
   *
   * @param mount where it is mounted, such as {@code /} or {@code C:\}
   * @param usedBytes what is taken
   * @param availableBytes what ordinary users may still take; what is kept for the system is
   *     neither
   */
  record DiskState(String mount, long usedBytes, long availableBytes) {}

  /** Bytes that have passed one interface. */
  record InterfaceCounters(String name, long receivedBytes, long sentBytes) {}
}
