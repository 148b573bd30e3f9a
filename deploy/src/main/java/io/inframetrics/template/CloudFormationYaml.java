package io.inframetrics.template;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Converts YAML to JSON as CloudFormation does: {@code !Sub x} to {@code {"Fn::Sub": "x"}}. */
final class CloudFormationYaml {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private CloudFormationYaml() {}

  /** Reads one document; throws IllegalArgumentException for invalid YAML and duplicate keys. */
  static JsonNode read(String yaml) {
    LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
    try {
      return new Compose(settings)
          .composeString(yaml)
          .map(CloudFormationYaml::json)
          .orElseThrow(() -> new IllegalArgumentException("the template is empty"));
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("the template is not valid YAML: " + e.getMessage(), e);
    }
  }

  private static JsonNode json(Node node) {
    JsonNode value = value(node);
    String tag = node.getTag().getValue();
    if (!tag.startsWith("!") || tag.length() == 1) {
      return value;
    }
    String function = tag.substring(1);
    boolean whole = function.equals("Ref") || function.equals("Condition");
    return NODES.objectNode().set(whole ? function : "Fn::" + function, value);
  }

  private static JsonNode value(Node node) {
    if (node instanceof MappingNode mapping) {
      ObjectNode object = NODES.objectNode();
      for (NodeTuple tuple : mapping.getValue()) {
        String key = ((ScalarNode) tuple.getKeyNode()).getValue();
        if (object.has(key)) {
          throw new IllegalArgumentException(
              "the template has the key '%s' twice%s"
                  .formatted(
                      key, tuple.getKeyNode().getStartMark().map(m -> ":\n" + m).orElse("")));
        }
        object.set(key, json(tuple.getValueNode()));
      }
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = NODES.arrayNode();
      sequence.getValue().forEach(element -> array.add(json(element)));
      return array;
    }
    ScalarNode scalar = (ScalarNode) node;
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.INT)) {
      return NODES.numberNode(Long.parseLong(text));
    }
    if (tag.equals(Tag.FLOAT)) {
      return NODES.numberNode(Double.parseDouble(text));
    }
    if (tag.equals(Tag.BOOL)) {
      return NODES.booleanNode(Boolean.parseBoolean(text));
    }
    return tag.equals(Tag.NULL) ? NODES.nullNode() : NODES.stringNode(text);
  }
}
