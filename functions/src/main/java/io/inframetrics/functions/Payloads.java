package io.inframetrics.functions;

import io.inframetrics.pipeline.InvalidRequestException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes payloads; every mistake in one becomes an {@link InvalidRequestException}. */
final class Payloads {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private Payloads() {}

  /** The JSON text as {@code type}. */
  static <T> T read(byte[] json, Class<T> type) {
    try {
      T value = JSON.readValue(json, type);
      if (value == null) {
        throw new InvalidRequestException("the payload is null: send a JSON object");
      }
      return value;
    } catch (JacksonException e) {
      throw refused(e);
    }
  }

  static InvalidRequestException refused(JacksonException e) {
    String path = e.getPathReference() == null ? "" : readable(e);
    return new InvalidRequestException(
        "the payload%s is not as it should be: %s"
            .formatted(path, e.getOriginalMessage().replaceAll("\\s+", " ").trim()));
  }

  /** Where in the payload, such as {@code " at collections[0].objects"}. */
  private static String readable(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference reference : e.getPath()) {
      if (reference.getPropertyName() == null) {
        path.append('[').append(reference.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
      }
    }
    return path.isEmpty() ? "" : " at " + path;
  }

  static @Nullable Instant instant(String name, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new InvalidRequestException(
          "%s '%s' is not an ISO-8601 instant such as 2026-02-19T11:27:43Z".formatted(name, text),
          e);
    }
  }

  static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new InvalidRequestException(name + " is missing");
    }
    return value;
  }

  static <T> List<T> list(@Nullable List<T> list) {
    return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
  }
}
