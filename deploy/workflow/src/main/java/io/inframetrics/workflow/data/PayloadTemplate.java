package io.inframetrics.workflow.data;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON in which a field {@code "name.$"} becomes {@code "name"} with the value of its path or
 * intrinsic function: Parameters, ResultSelector, ItemSelector and Assign.
 *
 * @hidden
 */
public final class PayloadTemplate implements Template {

  private static final String COMPUTED = ".$";

  private final JsonNode template;
  private final Map<String, Expression> expressions = new HashMap<>();

  private PayloadTemplate(JsonNode template) {
    this.template = template;
  }

  /**
   * Reads the template at {@code pointer}; {@code problems} receives the JSON pointer and the
   * message of every invalid field.
   */
  public static PayloadTemplate parse(
      JsonNode template, BiConsumer<String, String> problems, String pointer) {
    PayloadTemplate parsed = new PayloadTemplate(template);
    parsed.compile(template, problems, pointer);
    return parsed;
  }

  private void compile(JsonNode node, BiConsumer<String, String> problems, String pointer) {
    Set<String> names = new HashSet<>();
    for (var field : node.properties()) {
      String place = Json.pointer(pointer, field.getKey());
      if (!field.getKey().endsWith(COMPUTED)) {
        compile(field.getValue(), problems, place);
      } else if (field.getValue().isString()) {
        try {
          String text = field.getValue().stringValue();
          expressions.put(text, Expression.parse(text));
        } catch (IllegalArgumentException e) {
          problems.accept(place, String.valueOf(e.getMessage()));
        }
      } else {
        problems.accept(
            place,
            "a field whose name ends in .$ must be a path or an intrinsic function, as a string");
      }
      if (!names.add(name(field.getKey()))) {
        problems.accept(
            place, "'" + name(field.getKey()) + "' is given twice, with and without .$");
      }
    }
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        compile(array.get(i), problems, Json.pointer(pointer, String.valueOf(i)));
      }
    }
  }

  /** The name of a field without its suffix. */
  public static String name(String key) {
    return key.endsWith(COMPUTED) ? key.substring(0, key.length() - COMPUTED.length()) : key;
  }

  /**
   * Returns the template with all computed values.
   *
   * @throws FailureException States.Runtime if a path finds nothing; States.IntrinsicFailure if a
   *     function fails
   */
  @Override
  public JsonNode fill(Scope scope) {
    return fill(template, scope);
  }

  private JsonNode fill(JsonNode node, Scope scope) {
    if (node instanceof ObjectNode object) {
      ObjectNode filled = Json.NODES.objectNode();
      for (var field : object.properties()) {
        String key = field.getKey();
        filled.set(
            name(key),
            key.endsWith(COMPUTED)
                ? computed(key, field.getValue().stringValue(), scope)
                : fill(field.getValue(), scope));
      }
      return filled;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode filled = Json.NODES.arrayNode(array.size());
      array.forEach(element -> filled.add(fill(element, scope)));
      return filled;
    }
    return node;
  }

  private JsonNode computed(String key, String text, Scope scope) {
    Expression expression = expressions.get(text);
    if (expression == null) {
      throw new IllegalStateException("a template with an invalid field must not be filled");
    }
    if (scope.data().isNull() && expression instanceof DataPath path && path.readsData()) {
      throw FailureException.runtime("Unable to apply Path transformation to null or empty input.");
    }
    try {
      return expression.evaluate(scope);
    } catch (MissingPathException e) {
      throw FailureException.runtime(
          "The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'"
              .formatted(e.path(), key, Json.text(scope.data())));
    }
  }
}
