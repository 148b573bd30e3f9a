package io.inframetrics.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The resources that a template creates for given parameters.
 *
 * @param template as written
 * @param parameters the value of every parameter
 * @param resources by logical ID, in the template's order, without those whose condition is false
 */
public record Stack(
    JsonNode template, Map<String, String> parameters, Map<String, Resource> resources) {

  public Stack {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
  }

  /**
   * One resource.
   *
   * @param type such as {@code AWS::S3::Bucket}
   * @param written as in the template
   * @param properties with every function evaluated; must not be changed
   */
  public record Resource(String type, JsonNode written, JsonNode properties) {

    /** The property at a JSON pointer; a missing node if there is none. */
    public JsonNode at(String pointer) {
      return properties.at(pointer);
    }
  }

  /**
   * Returns the value of a parameter.
   *
   * @throws IllegalArgumentException if the template has no such parameter
   */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the template has no parameter '" + name + "'");
    }
    return value;
  }

  /**
   * Returns a resource.
   *
   * @throws IllegalArgumentException if the stack has no such resource
   */
  public Resource resource(String logicalId) {
    Resource resource = resources.get(logicalId);
    if (resource == null) {
      throw new IllegalArgumentException("the stack has no resource '" + logicalId + "'");
    }
    return resource;
  }

  /** The resources of a type by logical ID, in the template's order. */
  public Map<String, Resource> ofType(String type) {
    Map<String, Resource> found = new LinkedHashMap<>();
    resources.forEach(
        (id, resource) -> {
          if (resource.type().equals(type)) {
            found.put(id, resource);
          }
        });
    return found;
  }
}
