package io.inframetrics.functions.log;

import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes lines to a stream, each in one piece. Thread-safe. */
final class LogLines {

  /** CloudWatch Logs cuts an event at 256 KiB; a deep stack must stay far below it. */
  private static final int MAX_FRAMES = 50;

  private static final Set<String> OWN_NAMES =
      Set.of("timestamp", "level", "logger", "message", "errorType", "errorMessage", "stackTrace");

  private final JsonFactory json = new JsonFactory();
  private final PrintStream out;
  private final Clock clock;

  LogLines(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  void write(
      String level,
      String logger,
      String message,
      Map<String, String> context,
      List<KeyValuePair> pairs,
      @Nullable Throwable throwable) {
    StringWriter line = new StringWriter();
    try (JsonGenerator generator = json.createGenerator(ObjectWriteContext.empty(), line)) {
      generator.writeStartObject();
      generator.writeStringProperty(
          "timestamp", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
      generator.writeStringProperty("level", level);
      generator.writeStringProperty("logger", logger);
      generator.writeStringProperty("message", message);
      Set<String> written = new HashSet<>(OWN_NAMES);
      for (KeyValuePair pair : pairs) {
        if (written.add(pair.key)) {
          writeValue(generator, pair.key, pair.value);
        }
      }
      new TreeMap<>(context)
          .forEach(
              (name, value) -> {
                if (written.add(name)) {
                  generator.writeStringProperty(name, value);
                }
              });
      if (throwable != null) {
        writeThrowable(generator, throwable);
      }
      generator.writeEndObject();
    }
    byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }

  private static void writeValue(JsonGenerator generator, String name, @Nullable Object value) {
    generator.writeName(name);
    if (value instanceof Integer || value instanceof Long) {
      generator.writeNumber(((Number) value).longValue());
    } else if (value instanceof Double number && Double.isFinite(number)) {
      generator.writeNumber(number);
    } else if (value instanceof Boolean flag) {
      generator.writeBoolean(flag);
    } else if (value == null) {
      generator.writeNull();
    } else {
      generator.writeString(value.toString());
    }
  }

  private static void writeThrowable(JsonGenerator generator, Throwable throwable) {
    generator.writeStringProperty("errorType", throwable.getClass().getName());
    generator.writeStringProperty("errorMessage", String.valueOf(throwable.getMessage()));
    generator.writeName("stackTrace");
    generator.writeStartArray();
    int left = MAX_FRAMES;
    Set<Throwable> told = new HashSet<>();
    for (Throwable each = throwable; each != null && told.add(each); each = each.getCause()) {
      if (each != throwable) {
        generator.writeString("Caused by: " + each);
      }
      for (StackTraceElement frame : each.getStackTrace()) {
        if (left-- > 0) {
          generator.writeString(frame.toString());
        }
      }
    }
    generator.writeEndArray();
  }
}
