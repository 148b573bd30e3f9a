package io.inframetrics.workflow.data;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class TextFunctions {

  private static final Set<String> ALGORITHMS =
      Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");

  private TextFunctions() {}

  static JsonNode base64Encode(Arguments arguments) {
    byte[] bytes = arguments.text(0).getBytes(StandardCharsets.UTF_8);
    return Json.NODES.stringNode(Base64.getEncoder().encodeToString(bytes));
  }

  static JsonNode base64Decode(Arguments arguments) {
    byte[] bytes = Base64.getDecoder().decode(arguments.text(0));
    return Json.NODES.stringNode(new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * Replaces each {@code {}} of the template by the next argument: a string without quotes, an
   * object as {@code {name=value, ...}}, not as JSON. A name that the deployment has yet to
   * replace, such as <code>${Topic}</code>, stays as it is.
   */
  static JsonNode format(Arguments arguments) {
    String template = arguments.string(0);
    StringBuilder text = new StringBuilder();
    int used = 1;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      char next = i + 1 < template.length() ? template.charAt(i + 1) : 0;
      if (c == '\\' && "'{}\\".indexOf(next) >= 0) {
        text.append(next);
        i++;
      } else if (c == '{' && next == '}') {
        if (used == arguments.count()) {
          throw tooManyOrFew(arguments);
        }
        JsonNode value = arguments.any(used++);
        text.append(shown(value));
        i++;
      } else if (c == '$' && next == '{' && isName(template, i + 2)) {
        int end = template.indexOf('}', i) + 1;
        text.append(template, i, end);
        i = end - 1;
      } else if (c == '{' || c == '}') {
        throw new IllegalArgumentException(
            "the template has a '"
                + c
                + "' at character "
                + (i + 1)
                + " that is not part of {}: write \\"
                + c
                + " for the character itself");
      } else {
        text.append(c);
      }
    }
    if (used != arguments.count()) {
      throw tooManyOrFew(arguments);
    }
    return Json.NODES.stringNode(text.toString());
  }

  /** Whether a letter, and letters, digits and dots up to a closing brace, begin here. */
  private static boolean isName(String template, int from) {
    int end = from < template.length() && Character.isLetter(template.charAt(from)) ? from : -1;
    while (end >= 0
        && end < template.length()
        && (Character.isLetterOrDigit(template.charAt(end)) || template.charAt(end) == '.')) {
      end++;
    }
    return end > from && end < template.length() && template.charAt(end) == '}';
  }

  /** Strings without quotes; objects and arrays like Java's maps and lists. */
  private static String shown(JsonNode value) {
    if (value.isString()) {
      return value.stringValue();
    }
    if (value.isArray()) {
      return value
          .valueStream()
          .map(TextFunctions::shown)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value.isObject()) {
      return value
          .propertyStream()
          .map(field -> field.getKey() + "=" + shown(field.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return Json.text(value);
  }

  private static IllegalArgumentException tooManyOrFew(Arguments arguments) {
    return new IllegalArgumentException(
        "the number of {} in the template differs from the number of arguments after it, "
            + (arguments.count() - 1));
  }

  static JsonNode hash(Arguments arguments) {
    String algorithm = arguments.string(1);
    if (!ALGORITHMS.contains(algorithm)) {
      throw arguments.invalid(
          1, "one of " + String.join(", ", ALGORITHMS.stream().sorted().toList()));
    }
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      byte[] hash = digest.digest(arguments.text(0).getBytes(StandardCharsets.UTF_8));
      return Json.NODES.stringNode(HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime does not have " + algorithm, e);
    }
  }

  /** Merges two objects; for duplicate fields the second object wins. Only shallow merges exist. */
  static JsonNode jsonMerge(Arguments arguments) {
    if (!arguments.any(2).isBoolean() || arguments.any(2).booleanValue()) {
      throw arguments.invalid(2, "false, because only shallow merges exist,");
    }
    ObjectNode merged = Json.NODES.objectNode();
    merged.setAll(arguments.object(0));
    merged.setAll(arguments.object(1));
    return merged;
  }

  static JsonNode jsonToString(Arguments arguments) {
    return Json.NODES.stringNode(Json.text(arguments.any(0)));
  }

  static JsonNode stringToJson(Arguments arguments) {
    String text = arguments.string(0);
    if (text.isBlank()) {
      return Json.NODES.nullNode();
    }
    try {
      return Json.parse(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("argument 1 is not JSON: " + Json.mistake(e), e);
    }
  }

  /** Splits at every character of the second string and drops empty pieces. */
  static JsonNode stringSplit(Arguments arguments) {
    ArrayNode pieces = Json.NODES.arrayNode();
    StringTokenizer tokens = new StringTokenizer(arguments.string(0), arguments.string(1));
    while (tokens.hasMoreTokens()) {
      pieces.add(tokens.nextToken());
    }
    return pieces;
  }
}
