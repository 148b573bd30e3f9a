package io.inframetrics.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** {@code inframetrics.log} in the data folder: what the terminal need not see. */
final class LogFile implements AutoCloseable {

  private static final int MAX_BYTES = 10 << 20;
  private static final int FILES = 2;

  private final Logger root = LogManager.getLogManager().getLogger("");
  private final Handler[] before;
  private final FileHandler file;

  private LogFile(FileHandler file) {
    this.file = file;
    this.before = root.getHandlers();
  }

  /**
   * Sends the log of this process to the folder.
   *
   * @throws UsageException if the folder cannot be written to
   */
  static LogFile open(Path dataFolder) {
    FileHandler handler;
    try {
      Files.createDirectories(dataFolder);
      // A percent sign is special in a FileHandler's pattern.
      String pattern = dataFolder.resolve("inframetrics.log").toString().replace("%", "%%") + ".%g";
      handler = new FileHandler(pattern, MAX_BYTES, FILES, true);
    } catch (IOException e) {
      throw new UsageException(
          "data folder '%s' cannot be used (%s): name a folder that this user can write to"
              .formatted(dataFolder.toAbsolutePath(), reason(e)),
          e);
    }
    handler.setFormatter(new SimpleFormatter());
    handler.setLevel(Level.INFO);
    LogFile log = new LogFile(handler);
    for (Handler each : log.before) {
      log.root.removeHandler(each);
    }
    log.root.addHandler(handler);
    return log;
  }

  private static String reason(IOException e) {
    if (e instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " is a file, not a folder";
    }
    if (e instanceof AccessDeniedException denied) {
      return "no permission for " + denied.getFile();
    }
    return String.valueOf(e.getMessage());
  }

  @Override
  public void close() {
    root.removeHandler(file);
    file.close();
    for (Handler each : before) {
      root.addHandler(each);
    }
  }
}
