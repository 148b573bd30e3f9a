package io.inframetrics.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Evaluates CloudFormation's functions; the values are of parameters and pseudo parameters. */
record Intrinsics(JsonNode template, Map<String, String> values) {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]*)}");
  private static final String NO_VALUE = "AWS::NoValue";

  /** The value of {@code node}; empty for {@code AWS::NoValue}. */
  Optional<JsonNode> evaluate(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode result = NODES.arrayNode();
      array.forEach(element -> evaluate(element).ifPresent(result::add));
      return Optional.of(result);
    }
    if (!(node instanceof ObjectNode object)) {
      return Optional.of(node);
    }
    if (isCall(object)) {
      String name = object.propertyNames().iterator().next();
      return call(name, object.get(name));
    }
    ObjectNode result = NODES.objectNode();
    object
        .properties()
        .forEach(
            property ->
                evaluate(property.getValue())
                    .ifPresent(value -> result.set(property.getKey(), value)));
    return Optional.of(result);
  }

  /** Whether an object is a function call. */
  static boolean isCall(ObjectNode object) {
    String name = object.size() == 1 ? object.propertyNames().iterator().next() : "";
    return name.equals("Ref") || name.startsWith("Fn::");
  }

  boolean holds(String condition) {
    JsonNode definition = template.path("Conditions").get(condition);
    if (definition == null) {
      throw new IllegalArgumentException("the template has no condition '" + condition + "'");
    }
    return truth(definition);
  }

  private boolean truth(JsonNode node) {
    String name = node.isObject() ? node.propertyNames().iterator().next() : "";
    JsonNode argument = node.path(name);
    return switch (name) {
      case "Condition" -> holds(argument.stringValue());
      case "Fn::Equals" -> text(argument.get(0)).equals(text(argument.get(1)));
      case "Fn::Not" -> !truth(argument.get(0));
      case "Fn::And" -> argument.valueStream().allMatch(this::truth);
      case "Fn::Or" -> argument.valueStream().anyMatch(this::truth);
      default -> throw new IllegalArgumentException("%s is not a condition".formatted(node));
    };
  }

  private Optional<JsonNode> call(String name, JsonNode argument) {
    return switch (name) {
      case "Ref" -> ref(argument.stringValue());
      case "Fn::GetAtt" -> text("${" + attribute(argument) + "}");
      case "Fn::Sub" -> text(sub(argument));
      case "Fn::If" -> evaluate(argument.get(holds(argument.get(0).stringValue()) ? 1 : 2));
      case "Fn::FindInMap" -> Optional.of(find(argument));
      case "Fn::Join" ->
          text(
              list(argument.get(1)).stream()
                  .map(JsonNode::asString)
                  .collect(Collectors.joining(argument.get(0).stringValue())));
      case "Fn::Split" -> Optional.of(split(argument));
      case "Fn::Select" -> Optional.of(select(argument));
      default ->
          throw new IllegalArgumentException("function '%s' is not supported".formatted(name));
    };
  }

  private Optional<JsonNode> ref(String name) {
    if (name.equals(NO_VALUE)) {
      return Optional.empty();
    }
    String value = values.get(name);
    return text(value == null ? "${" + name + "}" : value);
  }

  private static String attribute(JsonNode argument) {
    return argument.isString()
        ? argument.stringValue()
        : argument.valueStream().map(JsonNode::asString).collect(Collectors.joining("."));
  }

  private String sub(JsonNode argument) {
    JsonNode own = argument.path(1);
    Matcher matcher =
        PLACEHOLDER.matcher(
            argument.isArray() ? argument.get(0).stringValue() : argument.stringValue());
    return matcher.replaceAll(
        found -> {
          String name = found.group(2);
          if (!found.group(1).isEmpty()) {
            return Matcher.quoteReplacement("${" + name + "}");
          }
          String value = own.has(name) ? text(own.get(name)) : values.get(name);
          return Matcher.quoteReplacement(value == null ? found.group() : value);
        });
  }

  private JsonNode find(JsonNode argument) {
    JsonNode found = template.path("Mappings");
    List<String> path = new ArrayList<>();
    for (JsonNode key : argument) {
      path.add(text(key));
      found = found.path(text(key));
    }
    if (found.isMissingNode()) {
      throw new IllegalArgumentException("the template has no mapping %s".formatted(path));
    }
    return found;
  }

  private ArrayNode split(JsonNode argument) {
    ArrayNode parts = NODES.arrayNode();
    String separator = Pattern.quote(argument.get(0).stringValue());
    Arrays.stream(text(argument.get(1)).split(separator, -1)).forEach(parts::add);
    return parts;
  }

  private JsonNode select(JsonNode argument) {
    int index = Integer.parseInt(text(argument.get(0)));
    List<JsonNode> from = list(argument.get(1));
    if (index >= from.size()) {
      throw new IllegalArgumentException("there is no element %d in %s".formatted(index, from));
    }
    return from.get(index);
  }

  private List<JsonNode> list(JsonNode node) {
    return evaluate(node).orElseGet(NODES::arrayNode).valueStream().toList();
  }

  private String text(JsonNode node) {
    return evaluate(node).map(JsonNode::asString).orElse("");
  }

  private static Optional<JsonNode> text(String text) {
    return Optional.of(NODES.stringNode(text));
  }
}
