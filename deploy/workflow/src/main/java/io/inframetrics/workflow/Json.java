package io.inframetrics.workflow;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The one JSON mapper of this package. Nodes are shared between states, so nothing here changes
 * one.
 */
final class Json {

  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  // Above SizeLimit.MAX_DEPTH, so that what is just too deep can still be written
                  // in a message.
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder()
                          .maxNestingDepth(4 * SizeLimit.MAX_DEPTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final JsonMapper STRICT =
      MAPPER.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Pattern HIDDEN_SOURCE =
      Pattern.compile(" \\((?:start marker|for \\w+ starting) at \\[Source:[^\\]]*\\]\\)");

  private Json() {}

  /**
   * Reads one JSON value.
   *
   * @throws JacksonException when the text is not exactly one JSON value
   */
  static JsonNode parse(String text) {
    return MAPPER.readTree(text);
  }

  /**
   * Reads one JSON value in which no object names a field twice: a state that is defined twice is a
   * mistake.
   */
  static JsonNode parseDefinition(String text) {
    return STRICT.readTree(text);
  }

  /** What is wrong with the text, without the parser's words about a source that it hides. */
  static String mistake(JacksonException e) {
    return HIDDEN_SOURCE.matcher(e.getOriginalMessage()).replaceAll("");
  }

  static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** The size of the value as compact JSON in UTF-8, which is what Step Functions' limit counts. */
  static int utf8Size(JsonNode node) {
    return text(node).getBytes(StandardCharsets.UTF_8).length;
  }
}
