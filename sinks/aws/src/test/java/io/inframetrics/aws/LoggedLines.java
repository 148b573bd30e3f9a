package io.inframetrics.aws;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.spi.LoggingEventAware;

/** A logger that keeps what is logged. */
final class LoggedLines {

  private final List<LoggingEvent> events = new CopyOnWriteArrayList<>();

  Logger logger() {
    return (Logger)
        Proxy.newProxyInstance(
            LoggedLines.class.getClassLoader(),
            new Class<?>[] {Logger.class, LoggingEventAware.class},
            this::answer);
  }

  private Object answer(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.isDefault()) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    if (method.getDeclaringClass() == LoggingEventAware.class) {
      events.add((LoggingEvent) arguments[0]);
      return null;
    }
    if (method.getReturnType() == boolean.class) {
      return true;
    }
    throw new UnsupportedOperationException(method.toString());
  }

  List<String> messages() {
    return events.stream().map(LoggingEvent::getMessage).toList();
  }

  List<Level> levels() {
    return events.stream().map(LoggingEvent::getLevel).toList();
  }

  Map<String, Object> fields(int line) {
    return events.get(line).getKeyValuePairs().stream()
        .collect(Collectors.toMap((KeyValuePair pair) -> pair.key, pair -> pair.value));
  }
}
