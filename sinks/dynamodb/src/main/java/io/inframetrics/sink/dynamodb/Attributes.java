package io.inframetrics.sink.dynamodb;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Names of attributes, and values in DynamoDB's types. */
final class Attributes {

  static final String PARTITION = "series_id";
  static final String SORT = "window_start";
  static final String TTL = "ttl";

  /** The order of sort keys: that of their UTF-8 bytes. */
  static final Comparator<String> ORDER =
      (one, other) ->
          Arrays.compareUnsigned(
              one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

  private Attributes() {}

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  /** The shortest decimal number that reads as {@code value}: 17 of 38 possible digits at most. */
  static AttributeValue number(double value) {
    return AttributeValue.fromN(Double.toString(value));
  }

  static AttributeValue bytes(byte[] value) {
    return AttributeValue.fromB(SdkBytes.fromByteArray(value));
  }

  static String text(Map<String, AttributeValue> item, String name) {
    return required(item, name).s();
  }

  static long number(Map<String, AttributeValue> item, String name) {
    return Long.parseLong(required(item, name).n());
  }

  static List<String> texts(Map<String, AttributeValue> item, String name) {
    return required(item, name).ss();
  }

  static byte[] bytes(Map<String, AttributeValue> item, String name) {
    return required(item, name).b().asByteArray();
  }

  /** Whether the item has expired: DynamoDB may take two days to remove it. */
  static boolean isExpired(Map<String, AttributeValue> item, Instant now) {
    AttributeValue ttl = item.get(TTL);
    return ttl != null && Long.parseLong(ttl.n()) <= now.getEpochSecond();
  }

  private static AttributeValue required(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "item '%s' of the table has no attribute '%s': it was written by another program"
              .formatted(item.get(PARTITION), name));
    }
    return value;
  }
}
