package io.inframetrics.collect.host;

import io.inframetrics.collect.host.MachineProbe.DiskState;
import io.inframetrics.metric.Series;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which mounted file systems count as disks, each once. The root always does. Others do not if they
 * live in memory, are read-only images (always full), layers or bind mounts of a file system that
 * is already there, single files, as a container's {@code /etc/hosts}, or mounted under a path that
 * is too long for a dimension.
 */
final class DiskSelection {

  private static final String ROOT = "/";

  /**
   * Types that are no disks. Those of {@code fuse.} live in programs: network shares, portals,
   * archives. Not {@code fuseblk}, NTFS.
   */
  private static final Pattern NOT_A_DISK =
      Pattern.compile(
          "cramfs|devtmpfs|erofs|iso9660|overlay|ramfs|rootfs|squashfs|tmpfs|udf|fuse\\..*");

  private DiskSelection() {}

  /**
   * A mount to judge.
   *
   * @param volume what is mounted, such as {@code /dev/sda1}
   * @param mount where
   * @param type such as {@code ext4}
   * @param directory whether the mount is a directory
   * @param totalBytes size
   * @param freeBytes not taken
   * @param availableBytes not taken and not kept for the system
   */
  record Candidate(
      String volume,
      String mount,
      String type,
      boolean directory,
      long totalBytes,
      long freeBytes,
      long availableBytes) {

    private DiskState state() {
      return new DiskState(mount, totalBytes - freeBytes, availableBytes);
    }
  }

  /** Those that count, by mount; of a volume with several mounts the shortest. */
  static List<DiskState> select(Collection<Candidate> candidates) {
    Map<String, Candidate> byVolume = new LinkedHashMap<>();
    candidates.stream()
        .filter(DiskSelection::isDisk)
        .sorted(
            Comparator.comparingInt((Candidate each) -> each.mount().length())
                .thenComparing(Candidate::mount))
        .forEach(candidate -> byVolume.putIfAbsent(candidate.volume(), candidate));
    return byVolume.values().stream()
        .map(Candidate::state)
        .sorted(Comparator.comparing(DiskState::mount))
        .toList();
  }

  private static boolean isDisk(Candidate candidate) {
    long used = candidate.totalBytes() - candidate.freeBytes();
    if (candidate.totalBytes() <= 0 || used < 0 || used + candidate.availableBytes() <= 0) {
      return false;
    }
    return candidate.mount().equals(ROOT)
        || (candidate.directory()
            && candidate.mount().length() <= Series.MAX_NAME_LENGTH
            && !NOT_A_DISK.matcher(candidate.type()).matches());
  }
}
