package io.inframetrics.workflow.definition;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.PayloadTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one JSON object of a definition. Whatever is asked for and wrong becomes a problem at its
 * place, and so does, in the end, whatever nobody asked for.
 */
public final class Fields {

  /** Step Functions' bound on every number of seconds and attempts. */
  public static final long MAX_NUMBER = 99_999_999;

  private final ObjectNode node;
  private final String pointer;
  private final Problems problems;
  private final Set<String> known = new HashSet<>();

  private Fields(ObjectNode node, String pointer, Problems problems) {
    this.node = node;
    this.pointer = pointer;
    this.problems = problems;
  }

  /** An object of the language: it may have a Comment, whatever else it is. */
  public static Fields of(ObjectNode node, String pointer, Problems problems) {
    Fields fields = new Fields(node, pointer, problems);
    fields.string("Comment");
    return fields;
  }

  public String pointer(String name) {
    return Json.pointer(pointer, name);
  }

  public boolean has(String name) {
    return node.has(name);
  }

  public void problem(String message) {
    problems.add(pointer, message);
  }

  public void problem(String name, String message) {
    problems.add(pointer(name), message);
  }

  /** The field as it stands; null when it is absent, a null node when it is null. */
  public @Nullable JsonNode value(String name) {
    known.add(name);
    return node.get(name);
  }

  public @Nullable String string(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      problem(name, name + " must be a string");
      return null;
    }
    return value.stringValue();
  }

  public String requiredString(String name) {
    String value = string(name);
    if (value == null) {
      if (!has(name)) {
        problem(name + " is missing");
      }
      return "";
    }
    if (value.isEmpty()) {
      problem(name, name + " must not be empty");
    }
    return value;
  }

  public @Nullable Boolean bool(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      problem(name, name + " must be true or false");
      return null;
    }
    return value.booleanValue();
  }

  public @Nullable Long integer(String name, long min, long max) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < min
        || value.longValue() > max) {
      problem(name, name + " must be a whole number from " + min + " to " + max);
      return null;
    }
    return value.longValue();
  }

  public @Nullable Double number(String name, double min) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isNumber() || !(value.doubleValue() >= min)) {
      problem(name, name + " must be a number of at least " + min);
      return null;
    }
    return value.doubleValue();
  }

  public @Nullable DataPath path(String name) {
    return parsed(name, DataPath::parse);
  }

  /** A path that names at most one node. */
  public @Nullable DataPath singlePath(String name) {
    DataPath path = path(name);
    if (path != null && !path.isDefinite()) {
      problem(name, "'" + path.text() + "' is not a reference path: it must name exactly one node");
    }
    return path;
  }

  /** A field whose text is parsed; the parser's complaint becomes the problem. */
  public <T> @Nullable T parsed(String name, Function<String, T> parser) {
    String text = string(name);
    if (text == null) {
      return null;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      problem(name, String.valueOf(e.getMessage()));
      return null;
    }
  }

  public @Nullable PayloadTemplate template(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      problem(name, name + " must be an object");
      return null;
    }
    return PayloadTemplate.parse(value, problems::add, pointer(name));
  }

  public @Nullable Fields object(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    return object(value, pointer(name), name);
  }

  private @Nullable Fields object(JsonNode value, String place, String what) {
    if (value instanceof ObjectNode object) {
      return of(object, place, problems);
    }
    problems.add(place, what + " must be an object");
    return null;
  }

  /** An object whose field names belong to the definition: one of them may be Comment too. */
  public @Nullable Fields namedObjects(String name) {
    JsonNode value = value(name);
    if (value instanceof ObjectNode object) {
      return new Fields(object, pointer(name), problems);
    }
    if (value != null) {
      problem(name, name + " must be an object");
    }
    return null;
  }

  /** The objects of an array; whatever in it is no object is a problem and left out. */
  public List<Fields> objects(String name, boolean required) {
    JsonNode value = value(name);
    if (value == null) {
      if (required) {
        problem(name + " is missing");
      }
      return List.of();
    }
    if (!(value instanceof ArrayNode array)) {
      problem(name, name + " must be an array");
      return List.of();
    }
    if (required && array.isEmpty()) {
      problem(name, name + " must not be empty");
    }
    List<Fields> objects = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      Fields fields =
          object(
              array.get(i),
              Json.pointer(pointer(name), String.valueOf(i)),
              "an element of " + name);
      if (fields != null) {
        objects.add(fields);
      }
    }
    return objects;
  }

  /** Names every field of an object, this one's own order. */
  public List<String> names() {
    return List.copyOf(node.propertyNames());
  }

  /** Of several fields at most one may be given, or exactly one. */
  public void oneOf(boolean required, String... names) {
    List<String> given = Arrays.stream(names).filter(this::has).toList();
    if (given.size() > 1) {
      problem("only one of " + String.join(", ", given) + " may be given");
    }
    if (required && given.isEmpty()) {
      problem("one of " + Arrays.stream(names).collect(Collectors.joining(", ")) + " is missing");
    }
  }

  /** Says that a field exists in Step Functions and not here. */
  public void unsupported(String name, String why) {
    if (value(name) != null) {
      problem(name, name + " is not supported: " + why);
    }
  }

  /** To be called last: everything nobody has asked for is unknown. */
  public void refuseUnknown() {
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        problem(name, "'" + name + "' is not a field of this object");
      }
    }
  }
}
