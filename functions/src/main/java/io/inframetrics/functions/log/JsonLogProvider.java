package io.inframetrics.functions.log;

import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** The provider that SLF4J loads. Thread-safe. */
public final class JsonLogProvider implements SLF4JServiceProvider, ILoggerFactory {

  private static final String OURS = "io.inframetrics";

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final BasicMDCAdapter mdc = new BasicMDCAdapter();
  private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
  private final LogLines lines;
  private final Level level;

  /** Logs to standard output, as the environment says. Called by SLF4J. */
  public JsonLogProvider() {
    this(System.getenv("AWS_LAMBDA_LOG_LEVEL"), new LogLines(System.out, Clock.systemUTC()));
  }

  JsonLogProvider(@Nullable String level, LogLines lines) {
    this.level = levelOf(level);
    this.lines = lines;
  }

  /** Reads Lambda's name of a level; SLF4J has no {@code FATAL}, {@code ERROR} is the nearest. */
  private static Level levelOf(@Nullable String name) {
    if (name == null) {
      return Level.INFO;
    }
    return switch (name) {
      case "TRACE" -> Level.TRACE;
      case "DEBUG" -> Level.DEBUG;
      case "WARN" -> Level.WARN;
      case "ERROR", "FATAL" -> Level.ERROR;
      default -> Level.INFO;
    };
  }

  @Override
  public Logger getLogger(String name) {
    return loggers.computeIfAbsent(
        name,
        each -> {
          boolean ours = each.equals(OURS) || each.startsWith(OURS + ".");
          Level least = ours || level.toInt() > Level.WARN.toInt() ? level : Level.WARN;
          return new JsonLogger(each, least, lines, mdc);
        });
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return this;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}
}
