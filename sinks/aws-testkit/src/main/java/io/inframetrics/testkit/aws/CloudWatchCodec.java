package io.inframetrics.testkit.aws;

import io.inframetrics.testkit.aws.PutMetricData.Datum;
import io.inframetrics.testkit.aws.PutMetricData.Dimension;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.cbor.CBORGenerator;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Bodies of CloudWatch's protocol, smithy-rpc-v2-cbor. */
final class CloudWatchCodec {

  /** An empty map. */
  static final byte[] EMPTY = {(byte) 0xBF, (byte) 0xFF};

  /** The tag of a number that is a time. */
  private static final int EPOCH_SECONDS = 1;

  private static final Set<String> REQUEST_MEMBERS = Set.of("Namespace", "MetricData");
  private static final Set<String> DATUM_MEMBERS =
      Set.of(
          "MetricName",
          "Dimensions",
          "Timestamp",
          "Value",
          "Values",
          "Counts",
          "Unit",
          "StorageResolution");

  private static final CBORMapper CBOR = new CBORMapper();

  private CloudWatchCodec() {}

  static PutMetricData request(byte[] body, int wireBytes) {
    Map<?, ?> members;
    try {
      members = map(CBOR.readValue(body, Map.class), REQUEST_MEMBERS);
    } catch (JacksonException | ClassCastException e) {
      throw serialization("the body is not a PutMetricData request: " + e.getMessage());
    }
    List<Datum> data =
        list(members.get("MetricData")).stream().map(CloudWatchCodec::datum).toList();
    return new PutMetricData(text(members.get("Namespace")), data, body.length, wireBytes);
  }

  /** The members of any request. */
  static Map<?, ?> members(byte[] body) {
    try {
      return CBOR.readValue(body, Map.class);
    } catch (JacksonException e) {
      throw serialization("the body is not a CBOR map: " + e.getMessage());
    }
  }

  /** An answer of maps, lists, texts, numbers and instants. */
  static byte[] answer(Map<String, Object> members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CBORGenerator generator = (CBORGenerator) CBOR.createGenerator(out)) {
      write(members, generator);
    }
    return out.toByteArray();
  }

  private static void write(Object item, CBORGenerator generator) {
    if (item instanceof Map<?, ?> map) {
      generator.writeStartObject();
      map.forEach(
          (name, value) -> {
            generator.writeName(String.valueOf(name));
            write(value, generator);
          });
      generator.writeEndObject();
    } else if (item instanceof List<?> list) {
      generator.writeStartArray();
      list.forEach(each -> write(each, generator));
      generator.writeEndArray();
    } else if (item instanceof Instant instant) {
      generator.writeTag(EPOCH_SECONDS);
      generator.writeNumber((double) instant.getEpochSecond());
    } else if (item instanceof Number number) {
      generator.writeNumber(number.doubleValue());
    } else {
      generator.writeString(item.toString());
    }
  }

  static byte[] fault(ServiceFault fault) {
    return CBOR.writeValueAsBytes(
        Map.of("__type", "com.amazonaws.cloudwatch#" + fault.code(), "message", fault.message()));
  }

  private static Datum datum(Object item) {
    Map<?, ?> members = map(item, DATUM_MEMBERS);
    Number resolution = (Number) members.get("StorageResolution");
    Number time = (Number) members.get("Timestamp");
    Number value = (Number) members.get("Value");
    return new Datum(
        text(members.get("MetricName")),
        list(members.get("Dimensions")).stream().map(CloudWatchCodec::dimension).toList(),
        time == null ? null : Instant.ofEpochMilli(Math.round(time.doubleValue() * 1_000)),
        value == null ? null : value.doubleValue(),
        doubles(members.get("Values")),
        doubles(members.get("Counts")),
        (String) members.get("Unit"),
        resolution == null ? null : resolution.intValue());
  }

  private static Dimension dimension(Object item) {
    Map<?, ?> members = map(item, Set.of("Name", "Value"));
    return new Dimension(text(members.get("Name")), text(members.get("Value")));
  }

  private static List<Double> doubles(@Nullable Object item) {
    return list(item).stream().map(number -> ((Number) number).doubleValue()).toList();
  }

  private static String text(@Nullable Object item) {
    if (item instanceof String text) {
      return text;
    }
    throw serialization("a text is missing");
  }

  private static List<?> list(@Nullable Object item) {
    return item == null ? List.of() : (List<?>) item;
  }

  private static Map<?, ?> map(Object item, Set<String> known) {
    Map<?, ?> members = (Map<?, ?>) item;
    if (!known.containsAll(members.keySet())) {
      throw serialization("one of the members %s is unknown".formatted(members.keySet()));
    }
    return members;
  }

  private static RefusedException serialization(String message) {
    return new RefusedException(new ServiceFault(400, "SerializationException", message));
  }
}
