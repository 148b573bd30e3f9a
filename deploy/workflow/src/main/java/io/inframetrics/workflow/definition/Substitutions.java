package io.inframetrics.workflow.definition;

import io.inframetrics.workflow.data.Json;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts values in the place of {@code ${Name}} inside the strings of a definition, as AWS SAM does.
 */
public final class Substitutions {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)\\}");

  private final Map<String, String> values;
  private final @Nullable Problems leftovers;

  /**
   * Prepares the substitutions.
   *
   * @param leftovers gets a problem for each name without a value; null when such names are opaque
   *     text
   */
  public Substitutions(Map<String, String> values, @Nullable Problems leftovers) {
    this.values = Map.copyOf(values);
    this.leftovers = leftovers;
  }

  public JsonNode apply(JsonNode node) {
    return apply(node, "");
  }

  private JsonNode apply(JsonNode node, String pointer) {
    if (node instanceof ObjectNode object) {
      ObjectNode replaced = Json.NODES.objectNode();
      for (var property : object.properties()) {
        replaced.set(
            property.getKey(),
            apply(property.getValue(), Json.pointer(pointer, property.getKey())));
      }
      return replaced;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode replaced = Json.NODES.arrayNode(array.size());
      for (int i = 0; i < array.size(); i++) {
        replaced.add(apply(array.get(i), Json.pointer(pointer, String.valueOf(i))));
      }
      return replaced;
    }
    if (!node.isString() || !node.stringValue().contains("${")) {
      return node;
    }
    return Json.NODES.stringNode(apply(node.stringValue(), pointer));
  }

  private String apply(String text, String pointer) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            match -> {
              String value = values.get(match.group(1));
              if (value == null && leftovers != null) {
                leftovers.add(pointer, "${" + match.group(1) + "} has no substitution");
              }
              return Matcher.quoteReplacement(value == null ? match.group() : value);
            });
  }
}
