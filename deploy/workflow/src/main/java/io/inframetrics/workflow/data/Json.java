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
 * The only JSON mapper of this module. States share nodes, so no method changes one.
 *
 * @hidden
 */
public final class Json {

  public static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  // Above SizeLimit.MAX_DEPTH, so that messages can still show data that is slightly too deep.
  private static final JsonMapper MAPPER =
      nestingTo(4 * SizeLimit.MAX_DEPTH)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final JsonMapper STRICT =
      MAPPER.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Pattern HIDDEN_SOURCE =
      Pattern.compile(" \\((?:start marker|for \\w+ starting) at \\[Source:[^\\]]*\\]\\)");

  private Json() {}

  /** A mapper that refuses to write deeper nesting. */
  static JsonMapper.Builder nestingTo(int depth) {
    return JsonMapper.builder(
        JsonFactory.builder()
            .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(depth).build())
            .build());
  }

  /** Reads exactly one JSON value; throws JacksonException for any other text. */
  public static JsonNode parse(String text) {
    return MAPPER.readTree(text);
  }

  /** Reads one JSON value; rejects duplicate fields, such as a state that is defined twice. */
  public static JsonNode parseDefinition(String text) {
    return STRICT.readTree(text);
  }

  /** What is wrong with the text, without the parser's remark about its source. */
  public static String mistake(JacksonException e) {
    return HIDDEN_SOURCE.matcher(e.getOriginalMessage()).replaceAll("");
  }

  public static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** The content of a string, or the JSON text of any other value. */
  public static String shown(JsonNode node) {
    return node.isString() ? node.stringValue() : text(node);
  }

  public static ArrayNode array(JsonNode[] elements) {
    return NODES.arrayNode(elements.length).addAll(Arrays.asList(elements));
  }

  /** Compares two numbers by value, whatever their types; 1 and 1.0 are equal. */
  public static int compare(JsonNode left, JsonNode right) {
    if (isFinite(left) && isFinite(right)) {
      return left.decimalValue().compareTo(right.decimalValue());
    }
    return Double.compare(left.doubleValue(), right.doubleValue());
  }

  /** A number too large for a double is read as infinite and has no decimal value. */
  private static boolean isFinite(JsonNode number) {
    return number.isIntegralNumber() || Double.isFinite(number.doubleValue());
  }

  /** Whether two values are equal, ignoring field order and number type (1 equals 1.0). */
  public static boolean same(JsonNode left, JsonNode right) {
    return left.equals(
        (a, b) -> a.isNumber() && b.isNumber() ? compare(a, b) : a.equals(b) ? 0 : 1, right);
  }

  /** The JSON pointer of a child, with its name escaped as RFC 6901 requires. */
  public static String pointer(String parent, String child) {
    return parent + "/" + child.replace("~", "~0").replace("/", "~1");
  }
}
