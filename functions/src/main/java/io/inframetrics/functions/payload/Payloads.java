package io.inframetrics.functions.payload;

import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.text.Texts;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes payloads; every mistake in one becomes an {@link InvalidRequestException}. */
public final class Payloads {

  public static final JsonMapper JSON =
      JsonMapper.builder()
          // A count that is left out is zero.
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private Payloads() {}

  public static <T> T read(byte[] json, Class<T> type) {
    try {
      requireObject(json);
      return JSON.readValue(json, type);
    } catch (JacksonException e) {
      throw refused(e);
    }
  }

  /** Rejects what cannot be a JSON object, by its first character. */
  public static void requireObject(byte[] json) {
    for (byte b : json) {
      if (b == '{') {
        return;
      }
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        break;
      }
    }
    throw refused("the payload is not a JSON object");
  }

  public static InvalidRequestException refused(JacksonException e) {
    String path = e.getPathReference() == null ? "" : readable(e);
    return refused("the payload%s is not valid: %s".formatted(path, Texts.jsonMistake(e)));
  }

  /**
   * Has no stack trace: conversion happens before {@code InvocationWrapper}, which would drop it.
   */
  public static InvalidRequestException refused(String message) {
    InvalidRequestException refusal = new InvalidRequestException(message);
    refusal.setStackTrace(new StackTraceElement[0]);
    return refusal;
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

  public static @Nullable Instant instant(String name, @Nullable String text) {
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

  public static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new InvalidRequestException(name + " is missing");
    }
    return value;
  }

  /** The elements of a list that must be present; none of them may be null. */
  public static <T> List<T> elements(String name, @Nullable List<@Nullable T> list) {
    return required(name, list).stream().map(each -> required(name + "[]", each)).toList();
  }

  public static <T> List<T> list(@Nullable List<T> list) {
    return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
  }
}
