package io.inframetrics.sink.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * SQLite's library, which the driver unpacks to a file of a megabyte before it loads it. A process
 * that is ended by a signal would leave that file in the temporary folder, one for each start.
 */
final class NativeLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

  private static final String FOLDER = ".native";

  /** The driver's setting of the folder to unpack to. */
  private static final String UNPACK_TO = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /**
   * Loads the library, unpacked below {@code root}, and removes what can be removed of it: on
   * Windows the file of a loaded library stays until the next start. Where the data folder may not
   * have programs, or somebody chose another folder, the driver loads it as ever.
   */
  static synchronized void load(Path root) throws IOException {
    Path folder = root.resolve(FOLDER);
    if (System.getProperty(UNPACK_TO) != null || Files.isSymbolicLink(folder)) {
      return;
    }
    Files.createDirectories(folder);
    System.setProperty(UNPACK_TO, folder.toString());
    try {
      boolean unused = SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      LOG.info("SQLite's library cannot be loaded from '{}': {}", folder, e.toString());
    } finally {
      System.clearProperty(UNPACK_TO);
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    } catch (IOException e) {
      LOG.debug("'{}' is removed at the next start", folder, e);
    }
  }
}
