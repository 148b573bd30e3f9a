package io.inframetrics.workflow.testing;

import io.inframetrics.workflow.data.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the answers of all tasks from the history of an execution. */
final class RecordedTasks {

  private static final double MILLIS = 1_000;

  private final Map<Long, JsonNode> byId = new HashMap<>();

  /** The answer of each task, by the ID of the event that scheduled it, in this order. */
  private final Map<Long, ObjectNode> answers = new LinkedHashMap<>();

  private RecordedTasks() {}

  /** Returns a script for {@link ScriptedTasks}. */
  static ArrayNode of(JsonNode history) {
    if (!history.path("events").isArray()) {
      throw new IllegalArgumentException(
          "a history must be a JSON object with an array called events");
    }
    RecordedTasks tasks = new RecordedTasks();
    List<JsonNode> events = new ArrayList<>(history.get("events").values());
    events.sort((a, b) -> Long.compare(id(a), id(b)));
    for (JsonNode event : events) {
      tasks.byId.put(id(event), event);
      tasks.read(event);
    }
    ArrayNode script = Json.NODES.arrayNode();
    tasks.answers.values().stream()
        .filter(answer -> answer.has("output") || answer.has("error"))
        .forEach(script::add);
    return script;
  }

  private static long id(JsonNode event) {
    return event.path("id").asLong(0);
  }

  private void read(JsonNode event) {
    String type = event.path("type").asString("");
    if (!type.startsWith("Task")
        && !type.startsWith("LambdaFunction")
        && !type.startsWith("Activity")) {
      return;
    }
    JsonNode details =
        event.path(
            type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1) + "EventDetails");
    if (type.endsWith("Scheduled")) {
      answers.put(id(event), scheduled(event, details));
    } else if (type.endsWith("Succeeded")) {
      answer(event).set("output", json(details.path("output")));
    } else if (type.endsWith("Failed") || type.endsWith("TimedOut")) {
      ObjectNode answer = answer(event);
      answer.put(
          "error",
          details.path("error").asString(type.endsWith("TimedOut") ? "States.Timeout" : ""));
      if (details.has("cause")) {
        answer.set("cause", details.get("cause"));
      }
    }
  }

  private ObjectNode scheduled(JsonNode event, JsonNode details) {
    ObjectNode answer = Json.NODES.objectNode();
    String state = state(event);
    if (state != null) {
      answer.put("state", state);
    }
    String resource = details.path("resource").asString("");
    String service = details.path("resourceType").asString("");
    answer.put("resource", service.isEmpty() ? resource : service + ":" + resource);
    JsonNode input = details.has("parameters") ? details.get("parameters") : details.get("input");
    if (input != null) {
      answer.set("input", json(input));
    }
    return answer;
  }

  private @Nullable String state(JsonNode event) {
    JsonNode at = event;
    while (at != null && !at.path("type").asString("").endsWith("StateEntered")) {
      at = byId.get(at.path("previousEventId").asLong(0));
    }
    return at == null ? null : at.path("stateEnteredEventDetails").path("name").asString(null);
  }

  /** The answer that an event at the end of a task completes. */
  private ObjectNode answer(JsonNode end) {
    JsonNode at = end;
    while (at != null && !at.path("type").asString("").endsWith("Scheduled")) {
      at = byId.get(at.path("previousEventId").asLong(0));
    }
    ObjectNode answer = at == null ? null : answers.get(id(at));
    if (at == null || answer == null) {
      throw new IllegalArgumentException(
          "the event " + id(end) + " ends a task that no event before it schedules");
    }
    Duration took = Duration.between(time(at), time(end));
    if (!took.isNegative()) {
      answer.put("seconds", took.toMillis() / MILLIS);
    }
    return answer;
  }

  /** A time as ISO 8601 text, or as seconds since 1970. */
  private static Instant time(JsonNode event) {
    JsonNode time = event.path("timestamp");
    if (time.isNumber()) {
      return Instant.ofEpochMilli(Math.round(time.doubleValue() * MILLIS));
    }
    try {
      return OffsetDateTime.parse(time.asString("")).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "the event " + id(event) + " has no timestamp such as 2026-02-19T11:27:43Z", e);
    }
  }

  /** The JSON in a text; the text itself if it is cut off or not JSON. */
  private static JsonNode json(JsonNode text) {
    if (!text.isString()) {
      return text.isMissingNode() ? Json.NODES.nullNode() : text;
    }
    try {
      return Json.parse(text.stringValue());
    } catch (JacksonException e) {
      return text;
    }
  }
}
