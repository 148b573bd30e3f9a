package io.inframetrics.workflow.data;

import java.util.Arrays;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The one JSON mapper of this module. Nodes are shared between states, so nothing here changes one.
 *
 * @hidden
 */
public final class Json {

  public static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  // Above SizeLimit.MAX_DEPTH, so that what is just too deep can still be written in a message.
  private static final JsonMapper MAPPER =
      nestingTo(4 * SizeLimit.MAX_DEPTH)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final JsonMapper STRICT =
      MAPPER.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Pattern HIDDEN_SOURCE =
      Pattern.compile(" \\((?:start marker|for \\w+ starting) at \\[Source:[^\\]]*\\]\\)");

  private Json() {}

  /** A mapper that refuses to write what nests deeper. */
  static JsonMapper.Builder nestingTo(int depth) {
    return JsonMapper.builder(
        JsonFactory.builder()
            .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(depth).build())
            .build());
  }

  /**
   * Reads one JSON value.
   *
   * @throws JacksonException when the text is not exactly one JSON value
   */
  public static JsonNode parse(String text) {
    return MAPPER.readTree(text);
  }

  /**
   * Reads one JSON value in which no object names a field twice: a state that is defined twice is a
   * mistake.
   */
  public static JsonNode parseDefinition(String text) {
    return STRICT.readTree(text);
  }

  /** What is wrong with the text, without the parser's words about a source that it hides. */
  public static String mistake(JacksonException e) {
    return HIDDEN_SOURCE.matcher(e.getOriginalMessage()).replaceAll("");
  }

  public static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** The text of a string itself, and the JSON text of any other value. */
  public static String shown(JsonNode node) {
    return node.isString() ? node.stringValue() : text(node);
  }

  public static ArrayNode array(JsonNode[] elements) {
    return NODES.arrayNode(elements.length).addAll(Arrays.asList(elements));
  }

  /** Orders two numbers by value, whatever their types; 1 and 1.0 are the same. */
  public static int compare(JsonNode left, JsonNode right) {
    if (isFinite(left) && isFinite(right)) {
      return left.decimalValue().compareTo(right.decimalValue());
    }
    return Double.compare(left.doubleValue(), right.doubleValue());
  }

  /** A number too large for a double is read as infinite, and has no decimal value. */
  private static boolean isFinite(JsonNode number) {
    return number.isIntegralNumber() || Double.isFinite(number.doubleValue());
  }

  /**
   * Whether two values are equal: objects whatever the order of their fields, numbers by value (1
   * and 1.0 are the same).
   */
  public static boolean same(JsonNode left, JsonNode right) {
    return left.equals(
        (a, b) -> a.isNumber() && b.isNumber() ? compare(a, b) : a.equals(b) ? 0 : 1, right);
  }

  /** The JSON pointer of a child, its name escaped as RFC 6901 wants. */
  public static String pointer(String parent, String child) {
    return parent + "/" + child.replace("~", "~0").replace("/", "~1");
  }
}
