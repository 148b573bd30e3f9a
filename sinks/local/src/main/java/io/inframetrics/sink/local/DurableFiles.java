package io.inframetrics.sink.local;

import io.inframetrics.naming.Sha256;
import io.inframetrics.sink.local.FailPoints.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that exist whole or not at all, even after a power cut: they are written in a staging
 * folder, forced to disk, then renamed atomically.
 */
final class DurableFiles {

  private static final String STAGING = ".staging";

  private static final Logger LOG = LoggerFactory.getLogger(DurableFiles.class);

  private final Path root;
  private final Path staging;
  private final FailPoints failPoints;
  private final boolean hardLinks;
  private final boolean foldersCanBeSynced;
  private final AtomicLong sequence = new AtomicLong();

  /**
   * Needs the folder's lock: deletes everything in the staging folder as left by a dead process.
   *
   * @param mayLink false for file systems without hard links
   */
  DurableFiles(Path root, FailPoints failPoints, boolean mayLink) throws IOException {
    this.staging = root.resolve(STAGING);
    this.failPoints = failPoints;
    this.root = root;
    createStaging();
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(staging)) {
      for (Path leftover : leftovers) {
        remove(leftover);
      }
    }
    this.hardLinks = mayLink && canLink();
    this.foldersCanBeSynced = canSyncFolders();
  }

  private void createStaging() throws IOException {
    if (Files.isSymbolicLink(staging)) {
      throw new FileSystemException(
          staging.toString(),
          null,
          "it is a link, and everything behind it would be deleted; remove the link");
    }
    if (!Files.isDirectory(staging)) {
      Files.createDirectory(staging);
    }
  }

  /** Whoever put a folder there, or uses the file, did not expect that it is deleted. */
  private static void remove(Path leftover) {
    try {
      Files.delete(leftover);
    } catch (IOException e) {
      LOG.warn("'{}' is left in the staging folder: it could not be deleted", leftover, e);
    }
  }

  /** An unused name in the staging folder, which is created again if somebody removed it. */
  Path newStagingPath() throws IOException {
    createStaging();
    return staging.resolve(sequence.incrementAndGet() + ".part");
  }

  /** The time of the file system's own clock, which sets the times of its files. */
  Instant now() throws IOException {
    Path file = Files.createFile(newStagingPath());
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } finally {
      Files.delete(file);
    }
  }

  FailPoints failPoints() {
    return failPoints;
  }

  /** Gives a staged file its name; if the name is taken, changes nothing and returns false. */
  boolean create(Path staged, Path target) throws IOException {
    createFolder(target.getParent());
    if (hardLinks) {
      try {
        Files.createLink(target, staged);
      } catch (FileAlreadyExistsException e) {
        return false;
      }
    } else {
      // Safe: we hold the folder's lock, and the caller its own.
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    }
    failPoints.reached(Step.NAMED);
    try {
      syncFolderOf(target);
    } catch (IOException e) {
      // Not safely on disk, so removed: the caller learns that nothing was stored.
      Files.deleteIfExists(target);
      throw e;
    }
    failPoints.reached(Step.FOLDER_SYNCED);
    return true;
  }

  /** Gives a staged file its name, replacing any file that has it. */
  void replace(Path staged, Path target) throws IOException {
    createFolder(target.getParent());
    moveInOneStep(staged, target);
    failPoints.reached(Step.NAMED);
    syncFolderOf(target);
    failPoints.reached(Step.FOLDER_SYNCED);
  }

  /** Renames a file, replacing any file with the new name. */
  void move(Path from, Path to) throws IOException {
    createFolder(to.getParent());
    moveInOneStep(from, to);
    failPoints.reached(Step.MOVED);
    syncFolderOf(to);
    syncFolderOf(from);
    failPoints.reached(Step.FOLDER_SYNCED);
  }

  private static void moveInOneStep(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(
          "'%s' is on another file system than '%s': keep the data folder on one"
              .formatted(to, from),
          e);
    }
  }

  /** Creates a folder and its parents, each of them on disk before the next. */
  private void createFolder(@Nullable Path folder) throws IOException {
    if (folder == null || isFolder(folder)) {
      return;
    }
    createFolder(folder.getParent());
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!isFolder(folder)) {
        throw new IOException(
            "'%s' is a %s where a folder is needed"
                .formatted(folder, Files.isSymbolicLink(folder) ? "link" : "file"),
            e);
      }
    }
    syncFolderOf(folder);
  }

  /** A link counts only at the top of the data folder, or above it, where a person put it. */
  private boolean isFolder(Path folder) {
    boolean deep = folder.startsWith(root) && folder.getNameCount() > root.getNameCount() + 1;
    return deep ? Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) : Files.isDirectory(folder);
  }

  private void syncFolderOf(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      syncFolder(folder);
    }
  }

  private void syncFolder(Path folder) throws IOException {
    if (foldersCanBeSynced) {
      force(folder);
    }
  }

  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private boolean canLink() throws IOException {
    Path file = Files.createFile(newStagingPath());
    Path link = newStagingPath();
    try {
      Files.createLink(link, file);
      return true;
    } catch (UnsupportedOperationException | IOException e) {
      // FAT and some network file systems have no links; create() then has an equal way.
      return false;
    } finally {
      Files.deleteIfExists(link);
      Files.deleteIfExists(file);
    }
  }

  private boolean canSyncFolders() {
    try {
      force(staging);
      return true;
    } catch (IOException e) {
      // Windows cannot open a folder, and needs no sync of it.
      return false;
    }
  }

  /** The SHA-256 in hexadecimal digits. */
  static String sha256(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Sha256.hex(digest.digest());
  }
}
