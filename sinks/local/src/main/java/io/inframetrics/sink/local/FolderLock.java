package io.inframetrics.sink.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a data folder to one process. The operating system drops the lock with the process, however
 * that ends, so there is never a stale one to remove.
 */
final class FolderLock implements AutoCloseable {

  private static final String NAME = ".lock";

  /** Beyond the process id, so that others can read it where locks are mandatory. */
  private static final long LOCKED_BYTE = 1L << 40;

  /**
   * Folders that this process holds. POSIX drops a process's locks on a file when it closes any
   * handle of that file: a second try in this process must not even open it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Locks {@code folder}.
   *
   * @throws IllegalStateException that names the process which holds it
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
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      if (lock == null) {
        String pid = Files.readString(file, StandardCharsets.UTF_8).trim();
        // It takes the lock first and writes its id then.
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
