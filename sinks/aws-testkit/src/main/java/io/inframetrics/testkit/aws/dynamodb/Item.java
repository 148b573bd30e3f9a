package io.inframetrics.testkit.aws.dynamodb;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An item of a table.
 *
 * @param attributes by name
 * @param size the bytes that count against the limits
 */
record Item(Map<String, Value> attributes, int size) {

  /**
   * Bytes of an item.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items">Items</a>
   */
  static final int MAX_BYTES = 400 * 1024;

  /** An item to store. */
  static Item of(Map<String, Value> attributes, String tooLarge) {
    int size = size(attributes);
    if (size > MAX_BYTES) {
      throw DynamoDbError.invalid(tooLarge);
    }
    return new Item(Map.copyOf(attributes), size);
  }

  /** Reads attributes in the protocol's form. */
  static Map<String, Value> attributes(@Nullable Object json) {
    return attributes(json, Value::of);
  }

  static Map<String, Value> attributes(@Nullable Object json, Function<Object, Value> value) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    if (json != null) {
      ((Map<?, ?>) json)
          .forEach((name, member) -> attributes.put((String) name, value.apply(member)));
    }
    return attributes;
  }

  /** Attributes in the protocol's form. */
  static Map<String, Object> json(Map<String, Value> attributes) {
    Map<String, Object> json = new LinkedHashMap<>();
    attributes.forEach((name, value) -> json.put(name, value.toJson()));
    return json;
  }

  static int size(Map<String, Value> attributes) {
    return attributes.entrySet().stream()
        .mapToInt(entry -> Value.utf8(entry.getKey()).length + entry.getValue().size())
        .sum();
  }
}
