package io.inframetrics.sink.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

record Key(String partition, String sort) {

  /** The sort key of an item that is alone in its partition. */
  static final String ALONE = "-";

  static Key of(Map<String, AttributeValue> item) {
    return new Key(
        Attributes.text(item, Attributes.PARTITION), Attributes.text(item, Attributes.SORT));
  }

  Map<String, AttributeValue> attributes() {
    return Map.of(
        Attributes.PARTITION, Attributes.text(partition), Attributes.SORT, Attributes.text(sort));
  }

  @Override
  public String toString() {
    return partition + " " + sort;
  }
}
