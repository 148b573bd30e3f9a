package io.inframetrics.sink.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets only one process use a data folder. The operating system releases the lock when the process
 * ends, however it ends, so a lock is never stale.
 */
final class FolderLock implements AutoCloseable {

  static final String NAME = ".lock";

  /** Past the process id, so that others can read the id where locks are mandatory. */
  private static final long LOCKED_BYTE = 1L << 40;

  /**
   * Folders that this process holds. POSIX releases a process's locks on a file when the process
   * closes any handle of it, so a second attempt in this process must not open the file.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * @throws IllegalStateException that names the process which holds {@code folder}
   */
  static FolderLock acquire(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!HELD.add(real)) {
      throw inUse(folder, "this process");
    }
    FileChannel channel = null;
    boolean locked = false;
    try {
      Path file = real.resolve(NAME);
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS); // It is truncated, and a link could name any file.
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      if (lock == null) {
        String pid = Files.readString(file, StandardCharsets.UTF_8).trim();
        // Empty if the other process has the lock but has not written its id yet.
        throw inUse(folder, pid.isEmpty() ? "another process" : "process " + pid);
      }
      String pid = ProcessHandle.current().pid() + "\n";
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
      locked = true;
      return new FolderLock(real, channel);
    } finally {
      if (!locked) {
        if (channel != null) {
          channel.close();
        }
        HELD.remove(real);
      }
    }
  }

  private static IllegalStateException inUse(Path folder, String by) {
    return new IllegalStateException(
        "data folder '%s' is in use by %s: wait for it to end, or name another folder"
            .formatted(folder, by));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the lock of '" + folder + "' could not be released", e);
    } finally {
      HELD.remove(folder);
    }
  }
}
