package io.inframetrics.workflow.jsonata;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Any JSON in which a string <code>{% ... %}</code> becomes the value of its expression: Arguments,
 * Output, Assign, Items and ItemSelector.
 *
 * @hidden
 */
public final class JsonataTemplate {

  private final BiConsumer<String, String> problems;

  private JsonataTemplate(BiConsumer<String, String> problems) {
    this.problems = problems;
  }

  /**
   * Reads the template at {@code pointer}; {@code problems} receives the JSON pointer and the
   * message of every invalid expression.
   *
   * @param field the template's place in its state, such as {@code Output}, for the texts of errors
   */
  public static Template parse(
      JsonNode template, String field, BiConsumer<String, String> problems, String pointer) {
    return new JsonataTemplate(problems).part(template, field, pointer);
  }

  private Template part(JsonNode node, String field, String pointer) {
    if (node instanceof ObjectNode object) {
      return object(object, field, pointer);
    }
    if (node instanceof ArrayNode array) {
      return array(array, field, pointer);
    }
    if (node.isString() && JsonataExpression.isExpression(node.stringValue())) {
      try {
        return JsonataExpression.parse(node.stringValue(), field)::evaluate;
      } catch (IllegalArgumentException e) {
        problems.accept(pointer, String.valueOf(e.getMessage()));
      }
    }
    return constant(node);
  }

  private static Template constant(JsonNode node) {
    return new Constant(node);
  }

  /** Not a lambda, so that a container of nothing but constants can be found to be one. */
  private record Constant(JsonNode value) implements Template {
    @Override
    public JsonNode fill(Scope scope) {
      return value;
    }
  }

  private Template object(ObjectNode object, String field, String pointer) {
    Map<String, Template> parts = new LinkedHashMap<>();
    for (var each : object.properties()) {
      String name = each.getKey();
      parts.put(name, part(each.getValue(), field + "/" + name, Json.pointer(pointer, name)));
    }
    if (parts.values().stream().allMatch(Constant.class::isInstance)) {
      return constant(object);
    }
    return scope -> {
      ObjectNode filled = Json.NODES.objectNode();
      parts.forEach((name, part) -> filled.set(name, part.fill(scope)));
      return filled;
    };
  }

  private Template array(ArrayNode array, String field, String pointer) {
    List<Template> parts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String place = Json.pointer(pointer, String.valueOf(i));
      parts.add(part(array.get(i), field + "[" + i + "]", place));
    }
    if (parts.stream().allMatch(Constant.class::isInstance)) {
      return constant(array);
    }
    return scope -> {
      ArrayNode filled = Json.NODES.arrayNode(parts.size());
      parts.forEach(part -> filled.add(part.fill(scope)));
      return filled;
    };
  }
}
