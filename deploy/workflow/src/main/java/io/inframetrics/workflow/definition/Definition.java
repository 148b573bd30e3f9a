package io.inframetrics.workflow.definition;

import io.inframetrics.workflow.data.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON and replaces each {@code ${Name}} inside its strings, as AWS SAM does.
 *
 * @hidden
 */
public final class Definition {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)\\}");

  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, String> substitutions;
  private final boolean opaque;

  private Definition(Map<String, String> substitutions, boolean opaque) {
    this.substitutions = Map.copyOf(substitutions);
    this.opaque = opaque;
  }

  /** Reads JSON; DefinitionException reports invalid JSON and duplicate fields. */
  public static JsonNode parse(String text) {
    try {
      return Json.parseDefinition(text);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String where =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      throw new DefinitionException(
          List.of(new Problem("", "the definition is not JSON: " + Json.mistake(e) + where)));
    }
  }

  /**
   * Returns what the reader makes of the definition's fields.
   *
   * @param opaque whether {@code ${Name}} without a value stays text; otherwise it is a problem
   * @throws DefinitionException with everything that is wrong with the definition
   */
  public static <T> T read(
      JsonNode json,
      Map<String, String> substitutions,
      boolean opaque,
      Function<DefinitionObject, T> reader) {
    Definition definition = new Definition(substitutions, opaque);
    List<Problem> problems = definition.problems;
    T result = null;
    if (definition.substituted(json.deepCopy(), "") instanceof ObjectNode object) {
      result = reader.apply(DefinitionObject.of(object, "", problems));
    } else {
      problems.add(new Problem("", "the definition must be an object"));
    }
    if (result == null || !problems.isEmpty()) {
      throw new DefinitionException(problems);
    }
    return result;
  }

  private JsonNode substituted(JsonNode node, String pointer) {
    if (node instanceof ObjectNode object) {
      for (var field : object.properties()) {
        field.setValue(substituted(field.getValue(), Json.pointer(pointer, field.getKey())));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, substituted(array.get(i), Json.pointer(pointer, String.valueOf(i))));
      }
    } else if (node.isString() && node.stringValue().contains("${")) {
      return Json.NODES.stringNode(substituted(node.stringValue(), pointer));
    }
    return node;
  }

  private String substituted(String text, String pointer) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            match -> {
              String value = substitutions.get(match.group(1));
              if (value == null && !opaque) {
                problems.add(new Problem(pointer, "${" + match.group(1) + "} has no substitution"));
              }
              return Matcher.quoteReplacement(value == null ? match.group() : value);
            });
  }
}
