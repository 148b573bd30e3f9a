package io.inframetrics.collect.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The limits that a container's control groups (version 2) put on this process. Reads {@code
 * /proc/self/cgroup} for the group, {@code /proc/self/mountinfo} for where groups are mounted, and
 * the limits of the group and of all groups above it: the tightest counts.
 *
 * <p>OSHI's own reader looks only at the innermost group, counts the page cache as used memory and
 * does not see groups mounted beside version 1.
 *
 * <p>Version 1 is not read: a machine that uses it is reported as a whole.
 *
 * @param root the root of the file system; {@code /} except in tests
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">Control Group v2</a>
 */
record CgroupV2(Path root) {

  /**
   * A limit of processor time.
   *
   * @param cpus processors' worth of time; positive
   * @param usedMicros time that all processes of the group have used
   */
  record CpuLimit(String group, double cpus, long usedMicros) {}

  /** A limit of memory; {@code usedBytes} excludes inactive page cache, which goes first. */
  record MemoryLimit(long usedBytes, long limitBytes) {}

  /** The tightest limit, if there is one below {@code processors}. */
  Optional<CpuLimit> cpuLimit(int processors) throws IOException {
    Path tightest = null;
    double cpus = processors;
    List<Path> groups = groups();
    for (Path group : groups) {
      double quota = quota(group);
      // At equal limits the outer group counts: it has everything that the limit applies to.
      if (quota < cpus || (tightest != null && quota == cpus)) {
        tightest = group;
        cpus = quota;
      }
    }
    if (!groups.isEmpty()) {
      int allowed = processorsIn(groups.get(0), processors);
      if (allowed < cpus) {
        tightest = groups.get(0);
        cpus = allowed;
      }
    }
    if (tightest == null) {
      return Optional.empty();
    }
    return Optional.of(
        new CpuLimit(
            tightest.toString(), cpus, valueOf(tightest.resolve("cpu.stat"), "usage_usec")));
  }

  /** The tightest limit, if there is one below {@code machineBytes}. */
  Optional<MemoryLimit> memoryLimit(long machineBytes) throws IOException {
    Path tightest = null;
    long limit = machineBytes;
    for (Path group : groups()) {
      Optional<String> max = read(group.resolve("memory.max")).filter(text -> !text.equals("max"));
      if (max.isPresent()) {
        long bytes = number(group.resolve("memory.max"), max.get());
        if (bytes > 0 && (bytes < limit || (tightest != null && bytes == limit))) {
          tightest = group;
          limit = bytes;
        }
      }
    }
    if (tightest == null) {
      return Optional.empty();
    }
    Path current = tightest.resolve("memory.current");
    long used = number(current, require(current));
    long cache = valueOf(tightest.resolve("memory.stat"), "inactive_file");
    return Optional.of(new MemoryLimit(Math.max(0, used - cache), limit));
  }

  /** This process's group and those above it, innermost first; empty without version 2. */
  private List<Path> groups() throws IOException {
    Optional<String> own =
        read(root.resolve("proc/self/cgroup")).stream()
            .flatMap(String::lines)
            .filter(line -> line.startsWith("0::"))
            .map(line -> line.substring("0::".length()))
            .findFirst();
    Optional<Mount> mount = mount(own.orElse("/"));
    if (own.isEmpty() || mount.isEmpty()) {
      return List.of();
    }
    Path top = root.resolve(mount.get().point().substring(1)).normalize();
    Path group = top.resolve(mount.get().relative(own.get())).normalize();
    // A group outside this mount shows as a path with dots; the mount's top is the best guess.
    if (!group.startsWith(top) || !Files.isDirectory(group)) {
      group = top;
    }
    List<Path> groups = new ArrayList<>();
    for (Path each = group; each != null && each.startsWith(top); each = each.getParent()) {
      groups.add(each);
    }
    return groups;
  }

  /** Where version 2 is mounted, preferably a mount that contains the group {@code own}. */
  private Optional<Mount> mount(String own) throws IOException {
    List<Mount> mounts =
        read(root.resolve("proc/self/mountinfo")).stream()
            .flatMap(String::lines)
            .filter(line -> line.contains(" - cgroup2 "))
            .map(line -> line.split(" ", -1))
            .map(fields -> new Mount(fields[3], fields[4].replace("\\040", " ")))
            .toList();
    return mounts.stream()
        .filter(mount -> mount.has(own))
        .findFirst()
        .or(() -> mounts.stream().findFirst());
  }

  /** The processors' worth of time in the group's own quota; infinite without a quota. */
  private static double quota(Path group) throws IOException {
    Path file = group.resolve("cpu.max");
    Optional<String> text = read(file);
    if (text.isEmpty() || text.get().startsWith("max")) {
      return Double.POSITIVE_INFINITY;
    }
    String[] words = text.get().split(" ", -1);
    if (words.length != 2) {
      throw new IOException("%s says '%s': expected quota and period".formatted(file, text.get()));
    }
    return (double) number(file, words[0]) / number(file, words[1]);
  }

  /** How many processors the group may run on, from a list such as {@code 0-3,8}. */
  private static int processorsIn(Path group, int otherwise) throws IOException {
    Path file = group.resolve("cpuset.cpus.effective");
    Optional<String> text = read(file).filter(list -> !list.isEmpty());
    if (text.isEmpty()) {
      return otherwise;
    }
    long count = 0;
    for (String range : text.get().split(",", -1)) {
      String[] ends = range.split("-", -1);
      count += number(file, ends[ends.length - 1]) - number(file, ends[0]) + 1;
    }
    return Math.toIntExact(count);
  }

  private static long valueOf(Path file, String key) throws IOException {
    for (String line : require(file).lines().toList()) {
      if (line.startsWith(key + ' ')) {
        return number(file, line.substring(key.length() + 1));
      }
    }
    throw new IOException("%s has no line '%s'".formatted(file, key));
  }

  private static long number(Path file, String text) throws IOException {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      throw new IOException("%s says '%s': expected a whole number".formatted(file, text), e);
    }
  }

  private static String require(Path file) throws IOException {
    return read(file).orElseThrow(() -> new NoSuchFileException(file.toString()));
  }

  private static Optional<String> read(Path file) throws IOException {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8).trim());
    } catch (NoSuchFileException e) {
      // Not Linux, not version 2, or a group without this controller: no limit.
      return Optional.empty();
    }
  }

  /** A mount of version 2; its group is not {@code /} where a container sees only a part. */
  private record Mount(String group, String point) {

    boolean has(String path) {
      return group.equals("/") || path.equals(group) || path.startsWith(group + '/');
    }

    String relative(String path) {
      String rest = has(path) && !group.equals("/") ? path.substring(group.length()) : path;
      return rest.startsWith("/") ? rest.substring(1) : rest;
    }
  }
}
