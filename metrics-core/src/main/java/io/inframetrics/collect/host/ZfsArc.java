package io.inframetrics.collect.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of ZFS's cache (the ARC) that the kernel takes back when programs need memory. Linux
 * does not know this cache as one: {@code MemAvailable} leaves it out, so that it looks used.
 *
 * @param proc where {@code /proc} is; another folder in tests
 * @see <a
 *     href="https://openzfs.github.io/openzfs-docs/Performance%20and%20Tuning/Module%20Parameters.html#zfs-arc-min">zfs_arc_min</a>
 */
record ZfsArc(Path proc) {

  /** Clean buffers. Versions that name them in another way are read without them. */
  private static final List<String> EVICTABLE =
      List.of(
          "mru_evictable_data",
          "mru_evictable_metadata",
          "mfu_evictable_data",
          "mfu_evictable_metadata");

  /**
   * Bytes that the cache would give back, by OpenZFS's own definition ({@code
   * arc_evictable_memory}): it shrinks to its minimum, or, if what cannot be evicted is more than
   * that, by its clean buffers. 0 without ZFS.
   */
  long reclaimableBytes() throws IOException {
    Path file = proc.resolve("spl/kstat/zfs/arcstats");
    Map<String, Long> statistics = new HashMap<>();
    try {
      for (String line : Files.readString(file, StandardCharsets.UTF_8).lines().toList()) {
        String[] words = line.trim().split("\\s+", -1);
        // A statistic is its name, its type and its number; of the two header lines neither is.
        if (words.length == 3 && !words[0].equals("name")) {
          statistics.put(words[0], number(file, words[2]));
        }
      }
    } catch (NoSuchFileException e) {
      return 0;
    }
    Long size = statistics.get("size");
    Long minimum = statistics.get("c_min");
    if (size == null || minimum == null) {
      throw new IOException("%s has no lines 'size' and 'c_min'".formatted(file));
    }
    if (isOfAContainer()) {
      return 0;
    }
    long aboveMinimum = Math.max(0, size - minimum);
    if (!statistics.keySet().containsAll(EVICTABLE)) {
      return aboveMinimum;
    }
    long clean = EVICTABLE.stream().mapToLong(statistics::get).sum();
    return size - clean >= minimum ? Math.min(clean, size) : aboveMinimum;
  }

  /**
   * Whether {@code meminfo} describes a container (LXC mounts a file of its own there), while the
   * cache is the whole machine's.
   */
  private boolean isOfAContainer() throws IOException {
    try {
      return Files.readString(proc.resolve("self/mountinfo"), StandardCharsets.UTF_8)
          .lines()
          .anyMatch(line -> line.contains(" /proc/meminfo ") && line.contains(" - fuse"));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static long number(Path file, String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("%s says '%s': expected a whole number".formatted(file, text), e);
    }
  }
}
