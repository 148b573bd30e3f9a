package io.inframetrics.template;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A CloudFormation template with SAM's globals. Immutable if its JSON is not changed. */
public final class Template {

  /** Sample values of what only a deployment knows. */
  private static final Map<String, String> PSEUDO_PARAMETERS =
      Map.of(
          "AWS::StackName", "inframetrics",
          "AWS::Region", "eu-west-1",
          "AWS::AccountId", "111122223333",
          "AWS::Partition", "aws",
          "AWS::URLSuffix", "amazonaws.com",
          "AWS::StackId",
              "arn:aws:cloudformation:eu-west-1:111122223333:stack/inframetrics/0a1b2c3d-0000-0000-0000-000000000000");

  private static final String FUNCTION = "AWS::Serverless::Function";

  private final JsonNode json;

  private Template(JsonNode json) {
    this.json = json;
  }

  /**
   * Reads a template from a file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it is not a template
   */
  public static Template load(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException if the text is not a template
   */
  public static Template parse(String yaml) {
    JsonNode json = CloudFormationYaml.read(yaml);
    if (!json.path("Resources").isObject()) {
      throw new IllegalArgumentException("the template has no Resources");
    }
    return new Template(json);
  }

  /** The template with short tags expanded; must not be changed. */
  public JsonNode json() {
    return json;
  }

  /**
   * Returns the resources that the template creates for these parameters.
   *
   * @param parameters values by name; those left out keep their defaults
   * @throws IllegalArgumentException if the template has no such parameter, does not allow the
   *     value, or needs a value that is not given
   */
  public Stack with(Map<String, String> parameters) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : parameters.keySet()) {
      if (!json.path("Parameters").has(name)) {
        throw new IllegalArgumentException(
            "the template has no parameter '%s': use one of %s"
                .formatted(name, json.path("Parameters").propertyNames()));
      }
    }
    json.path("Parameters")
        .properties()
        .forEach(
            parameter ->
                values.put(
                    parameter.getKey(),
                    value(parameter.getKey(), parameter.getValue(), parameters)));
    Map<String, String> all = new LinkedHashMap<>(PSEUDO_PARAMETERS);
    all.putAll(values);
    Intrinsics intrinsics = new Intrinsics(json, all);
    Map<String, Stack.Resource> resources = new LinkedHashMap<>();
    json.path("Resources")
        .properties()
        .forEach(
            entry -> {
              JsonNode resource = entry.getValue();
              if (resource.has("Condition")
                  && !intrinsics.holds(resource.get("Condition").stringValue())) {
                return;
              }
              String type = resource.path("Type").asString("");
              JsonNode properties =
                  type.equals(FUNCTION)
                      ? merged(json.path("Globals").path("Function"), resource.path("Properties"))
                      : resource.path("Properties");
              resources.put(
                  entry.getKey(),
                  new Stack.Resource(
                      type, resource, intrinsics.evaluate(properties).orElseThrow()));
            });
    return new Stack(json, values, resources);
  }

  private static String value(String name, JsonNode parameter, Map<String, String> given) {
    String value = given.get(name);
    if (value == null) {
      if (!parameter.has("Default")) {
        throw new IllegalArgumentException("parameter '%s' has no value".formatted(name));
      }
      return parameter.get("Default").asString();
    }
    JsonNode allowed = parameter.path("AllowedValues");
    boolean known = allowed.valueStream().anyMatch(each -> each.asString().equals(value));
    boolean fits =
        !parameter.has("AllowedPattern")
            || value.matches(parameter.get("AllowedPattern").stringValue());
    if ((allowed.isArray() && !known) || !fits) {
      throw new IllegalArgumentException(
          "parameter '%s' is '%s': use %s"
              .formatted(
                  name,
                  value,
                  allowed.isArray()
                      ? "one of " + allowed
                      : "a value that matches " + parameter.get("AllowedPattern")));
    }
    return value;
  }

  /** Merges objects; for anything else the function's own value wins. */
  private static JsonNode merged(JsonNode global, JsonNode own) {
    if (!(global instanceof ObjectNode objects) || !(own instanceof ObjectNode more)) {
      return own;
    }
    if (Intrinsics.isCall(objects) || Intrinsics.isCall(more)) {
      return own;
    }
    ObjectNode result = objects.deepCopy();
    more.properties()
        .forEach(
            property ->
                result.set(
                    property.getKey(),
                    merged(result.path(property.getKey()), property.getValue())));
    return result;
  }
}
