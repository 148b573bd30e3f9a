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
 * live in memory, are read-only images (always full), are layers or bind mounts of a file system
 * that already counts, are single files such as a container's {@code /etc/hosts}, or have a mount
 * path too long for a dimension.
 */
final class DiskSelection {

  private static final String ROOT = "/";

  /**
   * Types that are not disks. Those of {@code fuse.} live in programs: network shares, portals,
   * archives. {@code fuseblk} is NTFS and does count.
   */
  private static final Pattern NOT_A_DISK =
      Pattern.compile(
          "cramfs|devtmpfs|erofs|iso9660|overlay|ramfs|rootfs|squashfs|tmpfs|udf|fuse\\..*");

  private DiskSelection() {}

  /**
   * A mounted file system that may count as a disk.
   *
   * @param volume what is mounted, such as {@code /dev/sda1}
   * @param type such as {@code ext4}
   * @param directory false if a single file is mounted
   * @param freeBytes includes what is reserved for the system
   * @param availableBytes free for ordinary users
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

  /** The disks, by mount; the shortest mount of a volume with several. */
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
