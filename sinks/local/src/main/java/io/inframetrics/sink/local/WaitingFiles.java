package io.inframetrics.sink.local;

import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.naming.ObjectKeys.RawFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Finds raw files without a processed mark. Compares the file names of each folder with its marks,
 * one range of an index, without opening a file. A folder in which nothing waits is not read again
 * until it changes, so a scan costs one look at each folder, however many files it holds.
 */
final class WaitingFiles {

  private static final String TOP = ObjectKeys.PREFIX.substring(0, ObjectKeys.PREFIX.length() - 1);

  /**
   * A change within one tick of the file system's clock may not change a folder's time; FAT has the
   * coarsest clock, with ticks of two seconds.
   */
  private static final Duration TICK = Duration.ofSeconds(2);

  private final Path root;
  private final ObjectPaths paths;
  private final DurableFiles files;
  private final LocalRunLedger ledger;
  private final Map<String, Settled> settled = new HashMap<>();
  private final ReentrantLock scanning = new ReentrantLock();

  WaitingFiles(Path root, ObjectPaths paths, DurableFiles files, LocalRunLedger ledger) {
    this.root = root;
    this.paths = paths;
    this.files = files;
    this.ledger = ledger;
  }

  /** Passes the key of each waiting file to {@code found}, and counts the accepted ones. */
  int scan(Predicate<String> found) throws IOException {
    scanning.lock();
    try {
      return scan(TOP, root.resolve(TOP), files.now(), found);
    } finally {
      scanning.unlock();
    }
  }

  private int scan(String folderKey, Path folder, Instant now, Predicate<String> found)
      throws IOException {
    FileTime modified;
    try {
      modified = Files.getLastModifiedTime(folder);
    } catch (NoSuchFileException e) {
      settled.remove(folderKey);
      return 0;
    }
    Settled known = settled.get(folderKey);
    int count = 0;
    List<String> folders;
    if (known != null && known.modified().equals(modified)) {
      folders = known.folders();
    } else {
      ObjectPaths.Folder content = paths.read(folderKey, folder);
      folders = content.folders();
      Set<String> marked = content.files().isEmpty() ? Set.of() : ledger.processedBelow(folderKey);
      boolean nothingWaits = true;
      for (String key : content.files()) {
        if (key.endsWith(RawFile.EXTENSION) && !marked.contains(key)) {
          nothingWaits = false;
          count += found.test(key) ? 1 : 0;
        }
      }
      if (nothingWaits && modified.toInstant().plus(TICK).isBefore(now)) {
        settled.put(folderKey, new Settled(modified, folders));
      } else {
        settled.remove(folderKey);
      }
    }
    for (String inner : folders) {
      Path path = paths.resolve(inner);
      try {
        count += scan(inner, path, now, found);
      } catch (IOException e) {
        paths.skip(path, "it cannot be read (" + e + ")");
      }
    }
    return count;
  }

  /** A folder in which nothing waits while its time stays the same. */
  private record Settled(FileTime modified, List<String> folders) {}
}
