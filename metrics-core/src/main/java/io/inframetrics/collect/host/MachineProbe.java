package io.inframetrics.collect.host;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reads this machine and measures time on it. The only part of the host source that touches the
 * machine, so everything else is tested with a fake. Safe for use by several threads.
 */
interface MachineProbe {

  /** Not blank. */
  String hostName() throws IOException;

  /** How busy the processors have been since some moment in the past. */
  CpuCounters cpu() throws IOException;

  MemoryState memory() throws IOException;

  /** The local disks, each once. */
  List<DiskState> disks() throws IOException;

  /** What has passed the real network interfaces since some moment in the past. */
  List<InterfaceCounters> interfaces() throws IOException;

  /** Nanoseconds since some moment in the past. */
  long nanoTime();

  default void sleep(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }

  /** A new timer with its own daemon thread. */
  default ScheduledExecutorService timer() {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, "inframetrics-host-sampler");
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Counters: only the difference of two readings of one source means something.
   *
   * @param source such as the machine or a control group
   * @param busy time spent working
   * @param capacity time that could have been spent, in the same unit
   */
  record CpuCounters(String source, double busy, double capacity) {}

  /**
   * Memory of the machine, or of the control group that limits this process.
   *
   * @param usedBytes what dropping caches would not free
   * @param limitBytes total; positive
   */
  record MemoryState(long usedBytes, long limitBytes) {}

  /**
   * One file system.
   *
   * @param mount where it is mounted, such as {@code /} or {@code C:\}
   * @param availableBytes free for ordinary users; what is reserved for the system counts neither
   *     as used nor as available
   */
  record DiskState(String mount, long usedBytes, long availableBytes) {}

  record InterfaceCounters(String name, long receivedBytes, long sentBytes) {}
}
