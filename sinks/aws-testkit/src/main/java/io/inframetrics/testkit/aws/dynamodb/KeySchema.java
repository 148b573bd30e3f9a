package io.inframetrics.testkit.aws.dynamodb;

import static io.inframetrics.testkit.aws.dynamodb.DynamoDbError.require;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The key attributes of a table: the partition key and, where there is one, the sort key. */
record KeySchema(List<Attribute> attributes) {

  static final int MAX_HASH_BYTES = 2048;
  static final int MAX_RANGE_BYTES = 1024;

  /** The sort key of every item of a table without one. */
  private static final Value NO_RANGE = new Value("S", "");

  /** {@code type} is S, N or B. */
  record Attribute(String name, String type) {}

  /** The name of the partition key. */
  String hash() {
    return names().get(0);
  }

  List<String> names() {
    return attributes.stream().map(Attribute::name).toList();
  }

  ItemKey keyOfItem(Map<String, Value> item) {
    for (Attribute key : attributes) {
      Value value = item.get(key.name());
      if (value == null) {
        throw DynamoDbError.invalid(
            "One or more parameter values were invalid: Missing the key %s in the item",
            key.name());
      }
      require(
          value.type().equals(key.type()),
          "One or more parameter values were invalid: Type mismatch for key %s expected: %s"
              + " actual: %s",
          key.name(),
          key.type(),
          value.type());
    }
    return key(item);
  }

  /** The key that a request names by its attributes; it may name no others. */
  ItemKey key(Map<String, Value> named, String mismatch) {
    boolean matches = named.size() == attributes.size();
    for (Attribute key : attributes) {
      Value value = named.get(key.name());
      matches &= value != null && value.type().equals(key.type());
    }
    require(matches, mismatch);
    return key(named);
  }

  private ItemKey key(Map<String, Value> item) {
    List<Value> values = new ArrayList<>();
    for (Attribute key : attributes) {
      Value value = Objects.requireNonNull(item.get(key.name()));
      requireFit(key.name(), value);
      values.add(value);
    }
    return new ItemKey(values.get(0), values.size() > 1 ? values.get(1) : NO_RANGE);
  }

  /** Checks the value of a key attribute, which may be neither empty nor too long. */
  void requireFit(String key, Value value) {
    int size = value.size();
    require(
        size > 0,
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot"
            + " contain an empty %s value. Key: %s",
        value.type().equals("S") ? "string" : "binary",
        key);
    require(
        size <= MAX_HASH_BYTES || !key.equals(hash()),
        "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size"
            + " limit of%d bytes",
        MAX_HASH_BYTES);
    require(
        size <= MAX_RANGE_BYTES || key.equals(hash()),
        "One or more parameter values were invalid: Aggregated size of all range keys has exceeded"
            + " the size limit of %d bytes",
        MAX_RANGE_BYTES);
  }

  /** The key of a stored item in the protocol's form. */
  Map<String, Object> json(Item item) {
    Map<String, Value> key = new LinkedHashMap<>(item.attributes());
    key.keySet().retainAll(names());
    return Item.json(key);
  }
}
