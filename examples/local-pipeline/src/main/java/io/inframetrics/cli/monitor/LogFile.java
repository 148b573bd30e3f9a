package io.inframetrics.cli.monitor;

import io.inframetrics.cli.input.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.ErrorManager;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code inframetrics.log} in the data folder: what need not appear on the terminal. */
public final class LogFile implements AutoCloseable {

  private static final int MAX_BYTES = 10 << 20;
  private static final int FILES = 2;

  /** Such as those that begin a color; a log of lines needs no other than line breaks and tabs. */
  private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f&&[^\n\r\t]]");

  private final Logger root = LogManager.getLogManager().getLogger("");
  private final List<Handler> terminal;
  private final FileHandler file;

  private LogFile(FileHandler file) {
    this.file = file;
    this.terminal = Stream.of(root.getHandlers()).filter(ConsoleHandler.class::isInstance).toList();
  }

  /** Logs to an existing folder; throws {@link UsageException} if the log cannot be written. */
  public static LogFile open(Path dataFolder) {
    FileHandler handler;
    try {
      // A percent sign is special in a FileHandler's pattern.
      String pattern = dataFolder.resolve("inframetrics.log").toString().replace("%", "%%") + ".%g";
      handler = new FileHandler(pattern, MAX_BYTES, FILES, true);
    } catch (IOException e) {
      throw new UsageException(
          "the log in data folder '%s' cannot be written (%s): name a folder that this user can write to"
              .formatted(dataFolder, e.getMessage()),
          e);
    }
    handler.setFormatter(new WithoutControls());
    handler.setErrorManager(new OneNote());
    handler.setLevel(Level.INFO);
    LogFile log = new LogFile(handler);
    log.terminal.forEach(log.root::removeHandler);
    log.root.addHandler(handler);
    return log;
  }

  /** The lines and stack traces of a log, in which a text from outside steers no terminal. */
  private static final class WithoutControls extends SimpleFormatter {

    @Override
    public String format(LogRecord logged) {
      return CONTROLS.matcher(super.format(logged)).replaceAll(" ");
    }
  }

  /**
   * A full disk is said once, without a stack trace; the run itself reports what it could not do.
   */
  private static final class OneNote extends ErrorManager {

    private boolean said;

    @Override
    public synchronized void error(String message, Exception e, int code) {
      if (!said) {
        said = true;
        System.err.println("note: the log cannot be written: " + (e == null ? message : e));
      }
    }
  }

  @Override
  public void close() {
    root.removeHandler(file);
    file.close();
    terminal.forEach(root::addHandler);
  }
}
