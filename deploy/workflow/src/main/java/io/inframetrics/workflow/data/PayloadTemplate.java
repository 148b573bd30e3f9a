package io.inframetrics.workflow.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON in which a field {@code "name.$"} becomes {@code "name"} with the value of its path or
 * intrinsic function: Parameters, ResultSelector and ItemSelector.
 */
public final class PayloadTemplate {

  private final Part root;

  private PayloadTemplate(Part root) {
    this.root = root;
  }

  private interface Part {
    JsonNode fill(Scope scope);
  }

  private record Constant(JsonNode value) implements Part {
    @Override
    public JsonNode fill(Scope scope) {
      return value;
    }
  }

  private record Computed(String field, Expression expression) implements Part {
    @Override
    public JsonNode fill(Scope scope) {
      if (scope.data().isNull() && expression instanceof DataPath path && !path.readsContext()) {
        throw FailureException.runtime(
            "Unable to apply Path transformation to null or empty input.");
      }
      try {
        return expression.evaluate(scope);
      } catch (MissingPathException e) {
        throw FailureException.runtime(
            "The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'"
                .formatted(e.path(), field, Json.text(scope.data())));
      }
    }
  }

  private record Field(String name, Part part) {}

  private record Fields(List<Field> fields) implements Part {
    @Override
    public JsonNode fill(Scope scope) {
      ObjectNode object = Json.NODES.objectNode();
      for (Field field : fields) {
        object.set(field.name(), field.part().fill(scope));
      }
      return object;
    }
  }

  private record Elements(List<Part> parts) implements Part {
    @Override
    public JsonNode fill(Scope scope) {
      ArrayNode array = Json.NODES.arrayNode(parts.size());
      for (Part part : parts) {
        array.add(part.fill(scope));
      }
      return array;
    }
  }

  /** Reads a template; every bad field is a problem at its own place. */
  public static PayloadTemplate parse(
      JsonNode template, BiConsumer<String, String> problems, String pointer) {
    return new PayloadTemplate(part(template, problems, pointer));
  }

  private static Part part(JsonNode template, BiConsumer<String, String> problems, String pointer) {
    if (template instanceof ObjectNode object) {
      List<Field> fields = new ArrayList<>();
      Set<String> names = new HashSet<>();
      boolean constant = true;
      for (var property : object.properties()) {
        String place = Json.pointer(pointer, property.getKey());
        Field field =
            property.getKey().endsWith(".$")
                ? computed(property.getKey(), property.getValue(), problems, place)
                : new Field(property.getKey(), part(property.getValue(), problems, place));
        if (!names.add(field.name())) {
          problems.accept(place, "'" + field.name() + "' is given twice, with and without .$");
        }
        constant &= field.part() instanceof Constant && !property.getKey().endsWith(".$");
        fields.add(field);
      }
      return constant ? new Constant(template) : new Fields(List.copyOf(fields));
    }
    if (template instanceof ArrayNode array) {
      List<Part> parts = new ArrayList<>();
      for (int i = 0; i < array.size(); i++) {
        parts.add(part(array.get(i), problems, Json.pointer(pointer, String.valueOf(i))));
      }
      boolean constant = parts.stream().allMatch(Constant.class::isInstance);
      return constant ? new Constant(template) : new Elements(List.copyOf(parts));
    }
    return new Constant(template);
  }

  private static Field computed(
      String key, JsonNode value, BiConsumer<String, String> problems, String place) {
    String name = key.substring(0, key.length() - 2);
    if (!value.isString()) {
      problems.accept(
          place,
          "a field whose name ends in .$ holds a path or an intrinsic function, as a string");
      return new Field(name, new Constant(value));
    }
    try {
      return new Field(name, new Computed(key, Expression.parse(value.stringValue())));
    } catch (IllegalArgumentException e) {
      problems.accept(place, String.valueOf(e.getMessage()));
      return new Field(name, new Constant(value));
    }
  }

  /**
   * Fills in the computed fields.
   *
   * @throws FailureException States.Runtime when a path finds nothing; States.IntrinsicFailure when
   *     a function fails
   */
  public JsonNode fill(Scope scope) {
    return root.fill(scope);
  }
}
