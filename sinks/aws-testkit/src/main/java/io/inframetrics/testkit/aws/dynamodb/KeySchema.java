package io.inframetrics.testkit.aws.dynamodb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which attributes are a table's key.
 *
 * @param attributes the partition key and, where there is one, the sort key
 */
record KeySchema(List<Attribute> attributes) {

  static final int MAX_HASH_BYTES = 2048;
  static final int MAX_RANGE_BYTES = 1024;

  /** The sort key of every item of a table without one. */
  private static final Value NO_RANGE = new Value("S", "");

  /**
   * An attribute of a key.
   *
   * @param type S, N or B
   */
  record Attribute(String name, String type) {}

  Attribute hash() {
    return attributes.get(0);
  }

  @Nullable Attribute range() {
    return attributes.size() > 1 ? attributes.get(1) : null;
  }

  boolean contains(String name) {
    return attributes.stream().anyMatch(attribute -> attribute.name().equals(name));
  }

  /** The key of an item that is to be stored. */
  ItemKey keyOfItem(Map<String, Value> item) {
    for (Attribute key : attributes) {
      Value value = item.get(key.name());
      if (value == null) {
        throw DynamoDbError.invalidValue("Missing the key %s in the item", key.name());
      }
      if (!value.type().equals(key.type())) {
        throw DynamoDbError.invalidValue(
            "Type mismatch for key %s expected: %s actual: %s",
            key.name(), key.type(), value.type());
      }
    }
    return key(item);
  }

  /** The key that a request names by its attributes, and by no other. */
  ItemKey key(Map<String, Value> named, String mismatch) {
    boolean matches = named.size() == attributes.size();
    for (Attribute key : attributes) {
      Value value = named.get(key.name());
      matches &= value != null && value.type().equals(key.type());
    }
    if (!matches) {
      throw DynamoDbError.invalid(mismatch);
    }
    return key(named);
  }

  private ItemKey key(Map<String, Value> attributesOfItem) {
    attributes.forEach(
        key -> requireFit(key, Objects.requireNonNull(attributesOfItem.get(key.name()))));
    Attribute range = range();
    return new ItemKey(
        Objects.requireNonNull(attributesOfItem.get(hash().name())),
        range == null ? NO_RANGE : Objects.requireNonNull(attributesOfItem.get(range.name())));
  }

  /** Checks the value of a key attribute, which may be neither empty nor too long. */
  void requireFit(Attribute key, Value value) {
    if (value.type().equals("N")) {
      return;
    }
    if (value.size() == 0) {
      throw DynamoDbError.invalid(
          "One or more parameter values are not valid. The AttributeValue for a key attribute"
              + " cannot contain an empty %s value. Key: %s",
          value.type().equals("S") ? "string" : "binary", key.name());
    }
    if (key.equals(hash()) && value.size() > MAX_HASH_BYTES) {
      throw DynamoDbError.invalidValue(
          "Size of hashkey has exceeded the maximum size limit of%d bytes", MAX_HASH_BYTES);
    }
    if (!key.equals(hash()) && value.size() > MAX_RANGE_BYTES) {
      throw DynamoDbError.invalidValue(
          "Aggregated size of all range keys has exceeded the size limit of %d bytes",
          MAX_RANGE_BYTES);
    }
  }

  /** The key of a stored item in the protocol's form. */
  Map<String, Object> json(Item item) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (Attribute key : attributes) {
      json.put(key.name(), Objects.requireNonNull(item.attributes().get(key.name())).toJson());
    }
    return json;
  }
}
