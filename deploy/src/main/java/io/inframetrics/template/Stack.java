package io.inframetrics.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a template comes to.
 *
 * @param template the whole, as it is written
 * @param parameters every parameter and its value
 * @param resources by logical id, in the template's order; those whose condition does not hold are
 *     not there
 */
public record Stack(
    JsonNode template, Map<String, String> parameters, Map<String, Resource> resources) {

  /** Copies the maps. */
  public Stack {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
  }

  /**
   * One resource.
   *
   * @param type such as {@code AWS::S3::Bucket}
   * @param written as it is written
   * @param properties with every function evaluated; not to be changed
   */
  public record Resource(String type, JsonNode written, JsonNode properties) {

    /** The property at a JSON pointer; a missing node if it is not there. */
    public JsonNode at(String pointer) {
      return properties.at(pointer);
    }
  }

  /**
   * The value of a parameter.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the template has no parameter '" + name + "'");
    }
    return value;
  }

  /**
   * The resource of that logical id.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Resource resource(String logicalId) {
    Resource resource = resources.get(logicalId);
    if (resource == null) {
      throw new IllegalArgumentException("the stack has no resource '" + logicalId + "'");
    }
    return resource;
  }

  /** All resources of a type. */
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
