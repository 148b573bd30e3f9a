package io.inframetrics.testkit.aws;

import io.inframetrics.testkit.aws.PutMetricData.Datum;
import io.inframetrics.testkit.aws.PutMetricData.Dimension;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.dataformat.cbor.CBORFactory;

/** Bodies of CloudWatch's protocol, smithy-rpc-v2-cbor. */
final class CloudWatchCodec {

  /** An answer with nothing in it: an empty map. */
  static final byte[] EMPTY = {(byte) 0xBF, (byte) 0xFF};

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

  private static final CBORFactory CBOR = new CBORFactory();

  private CloudWatchCodec() {}

  static PutMetricData request(byte[] body, int wireBytes) {
    Map<?, ?> members;
    try (JsonParser parser = CBOR.createParser(ObjectReadContext.empty(), body)) {
      parser.nextToken();
      members = map(read(parser), REQUEST_MEMBERS);
    } catch (JacksonException | ClassCastException e) {
      throw serialization("the body is not what PutMetricData is: " + e.getMessage());
    }
    List<Datum> data =
        list(members.get("MetricData")).stream().map(CloudWatchCodec::datum).toList();
    return new PutMetricData(text(members.get("Namespace")), data, body.length, wireBytes);
  }

  static byte[] fault(ServiceFault fault) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator out = CBOR.createGenerator(ObjectWriteContext.empty(), body)) {
      out.writeStartObject();
      out.writeStringProperty("__type", "com.amazonaws.cloudwatch#" + fault.code());
      out.writeStringProperty("message", fault.message());
      out.writeEndObject();
    }
    return body.toByteArray();
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
      throw serialization("a member of %s is unknown".formatted(members.keySet()));
    }
    return members;
  }

  private static RefusedException serialization(String message) {
    return new RefusedException(new ServiceFault(400, "SerializationException", message));
  }

  /** The value at the parser's token: a map, list, text, number or truth. */
  private static Object read(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, Object> members = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        members.put(name, read(parser));
      }
      return members;
    }
    if (token == JsonToken.START_ARRAY) {
      List<Object> items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(read(parser));
      }
      return items;
    }
    if (token == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    if (token != null && token.isNumeric()) {
      return parser.getNumberValue();
    }
    throw serialization("token %s is not expected".formatted(token));
  }
}
