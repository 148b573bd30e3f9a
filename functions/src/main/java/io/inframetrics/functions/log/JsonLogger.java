package io.inframetrics.functions.log;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.MDCAdapter;

/** Writes events of its level or above. Thread-safe. */
final class JsonLogger extends LegacyAbstractLogger implements LoggingEventAware {

  private static final long serialVersionUID = 1L;

  private final transient Level least;
  private final transient LogLines lines;
  private final transient MDCAdapter mdc;

  JsonLogger(String name, Level least, LogLines lines, MDCAdapter mdc) {
    this.name = name;
    this.least = least;
    this.lines = lines;
    this.mdc = mdc;
  }

  @Override
  public void log(LoggingEvent event) {
    write(
        event.getLevel(),
        event.getMessage(),
        event.getArgumentArray(),
        event.getKeyValuePairs(),
        event.getThrowable());
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      @Nullable String message,
      Object @Nullable [] arguments,
      @Nullable Throwable throwable) {
    write(level, message, arguments, List.of(), throwable);
  }

  private void write(
      Level level,
      @Nullable String message,
      Object @Nullable [] arguments,
      @Nullable List<KeyValuePair> pairs,
      @Nullable Throwable throwable) {
    String text = MessageFormatter.basicArrayFormat(message, arguments);
    lines.write(
        level.name(),
        getName(),
        Objects.requireNonNullElse(text, ""),
        Objects.requireNonNullElse(mdc.getCopyOfContextMap(), Map.of()),
        Objects.requireNonNullElse(pairs, List.of()),
        throwable);
  }

  private boolean writes(Level level) {
    return level.toInt() >= least.toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return writes(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return writes(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return writes(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return writes(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return writes(Level.ERROR);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }
}
