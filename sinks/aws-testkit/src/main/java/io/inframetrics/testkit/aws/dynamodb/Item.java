package io.inframetrics.testkit.aws.dynamodb;

import static io.inframetrics.testkit.aws.dynamodb.DynamoDbError.require;

import java.util.LinkedHashMap;
import java.util.Map;

/** An item of a table; {@code size} is in bytes, as they count against the limits. */
record Item(Map<String, Value> attributes, int size) {

  /**
   * Bytes of an item.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items">Items</a>
   */
  static final int MAX_BYTES = 400 * 1024;

  /** An item to store; rejected with {@code tooLarge} above {@link #MAX_BYTES}. */
  static Item of(Map<String, Value> attributes, String tooLarge) {
    int size = size(attributes);
    require(size <= MAX_BYTES, tooLarge);
    return new Item(Map.copyOf(attributes), size);
  }

  /** Reads attributes in the protocol's form. */
  static Map<String, Value> attributes(Object json) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    ((Map<?, ?>) json).forEach((name, value) -> attributes.put((String) name, Value.of(value)));
    return attributes;
  }

  static Map<String, Object> json(Map<String, Value> attributes) {
    Map<String, Object> json = new LinkedHashMap<>();
    attributes.forEach((name, value) -> json.put(name, value.toJson()));
    return json;
  }

  static int size(Map<String, Value> attributes) {
    return attributes.entrySet().stream()
        .mapToInt(entry -> Value.utf8Length(entry.getKey()) + entry.getValue().size())
        .sum();
  }
}
