package io.inframetrics.testkit.aws;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A message that SNS accepted, as plain data.
 *
 * @param subject null if there is none
 * @param attributes by name; sorted
 */
public record Published(
    String topicArn,
    @Nullable String subject,
    String message,
    SortedMap<String, Attribute> attributes) {

  public Published {
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** A message attribute of a type such as {@code String}. */
  public record Attribute(String type, String value) {}

  public Map<String, String> attributeValues() {
    Map<String, String> values = new TreeMap<>();
    attributes.forEach((name, attribute) -> values.put(name, attribute.value()));
    return values;
  }
}
