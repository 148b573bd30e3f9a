package io.inframetrics.sink.otlp;

import io.inframetrics.aws.HttpPosts.Answer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a server says about a request that it took.
 *
 * @param rejectedPoints of the request; not negative
 * @param message why, or a warning; may be empty
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp-response">OTLP/HTTP response</a>
 */
record OtlpAnswer(long rejectedPoints, String message) {

  static final int OK = 200;

  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final JsonFactory FACTORY = JsonFactory.builder().build();
  private static final OtlpAnswer NOTHING_TO_SAY = new OtlpAnswer(0, "");

  /**
   * Reads the answer of a server that speaks OTLP.
   *
   * @return null if this is not such an answer, such as the page of a proxy
   */
  static @Nullable OtlpAnswer of(Answer answer) {
    if (answer.status() != OK) {
      return null;
    }
    String type = mediaType(answer);
    // Some servers name no type if they have nothing to say; in protobuf that is an empty body.
    if (type.equals(PROTOBUF) || (type.isEmpty() && answer.body().length == 0)) {
      return protobuf(answer.body());
    }
    return type.equals(JSON) ? json(answer.body()) : null;
  }

  /** The message of an answer that is an error, or whatever else the body says; may be empty. */
  static String error(Answer answer) {
    String type = mediaType(answer);
    if (type.equals(PROTOBUF)) {
      ByteBuffer body = buffer(answer.body());
      String message = "";
      try {
        for (Field field = next(body); field != null; field = next(body)) {
          message = field.number == 2 && field.content != null ? text(field.content) : message;
        }
        return message;
      } catch (MalformedException e) {
        return "";
      }
    }
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    if (type.contains("json")) {
      String message = jsonMessage(body);
      return message.isEmpty() ? body : message;
    }
    return body;
  }

  private static String mediaType(Answer answer) {
    String type = answer.header("Content-Type").orElse("");
    int parameters = type.indexOf(';');
    return (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
  }

  // ExportMetricsServiceResponse{partial_success=1{rejected_data_points=1, error_message=2}}
  private static @Nullable OtlpAnswer protobuf(byte[] bytes) {
    try {
      long rejected = 0;
      String message = "";
      ByteBuffer answer = buffer(bytes);
      for (Field field = next(answer); field != null; field = next(answer)) {
        if (field.number != 1) {
          continue;
        }
        if (field.content == null) {
          throw new MalformedException();
        }
        ByteBuffer partial = field.content;
        for (Field part = next(partial); part != null; part = next(partial)) {
          if (part.number == 1 && part.content == null) {
            rejected = part.value;
          } else if (part.number == 2 && part.content != null) {
            message = text(part.content);
          }
        }
      }
      return new OtlpAnswer(Math.max(0, rejected), message);
    } catch (MalformedException e) {
      return null;
    }
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static @Nullable Field next(ByteBuffer in) throws MalformedException {
    if (!in.hasRemaining()) {
      return null;
    }
    long tag = varint(in);
    int number = (int) (tag >>> 3);
    if (number == 0) {
      throw new MalformedException();
    }
    return switch ((int) (tag & 7)) {
      case 0 -> new Field(number, varint(in), null);
      case 1 -> new Field(number, slice(in, Long.BYTES).getLong(), null);
      case 2 -> new Field(number, 0, slice(in, varint(in)));
      case 5 -> new Field(number, slice(in, Integer.BYTES).getInt(), null);
      default -> throw new MalformedException();
    };
  }

  private static ByteBuffer slice(ByteBuffer in, long length) throws MalformedException {
    if (length < 0 || length > in.remaining()) {
      throw new MalformedException();
    }
    ByteBuffer slice = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) length);
    return slice;
  }

  private static long varint(ByteBuffer in) throws MalformedException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!in.hasRemaining()) {
        throw new MalformedException();
      }
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedException();
  }

  private static String text(ByteBuffer content) throws MalformedException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(content.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException();
    }
  }

  private static @Nullable OtlpAnswer json(byte[] bytes) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      OtlpAnswer answer = NOTHING_TO_SAY;
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        boolean partial = name.equals("partialSuccess") || name.equals("partial_success");
        if (parser.nextToken() == JsonToken.START_OBJECT && partial) {
          answer = partial(parser);
        } else {
          parser.skipChildren();
        }
      }
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null
          ? answer
          : null;
    } catch (JacksonException | NumberFormatException e) {
      return null;
    }
  }

  private static OtlpAnswer partial(JsonParser parser) {
    long rejected = 0;
    String message = "";
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      // The mapping writes 64-bit integers as strings, and reads numbers too.
      if (name.equals("rejectedDataPoints") || name.equals("rejected_data_points")) {
        rejected = value == JsonToken.VALUE_NULL ? 0 : Long.parseLong(parser.getString());
      } else if (name.equals("errorMessage") || name.equals("error_message")) {
        message = value == JsonToken.VALUE_STRING ? parser.getString() : "";
      }
      parser.skipChildren();
    }
    return new OtlpAnswer(Math.max(0, rejected), message);
  }

  private static String jsonMessage(String body) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return "";
      }
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        if (parser.nextToken() == JsonToken.VALUE_STRING && name.equalsIgnoreCase("message")) {
          return parser.getString();
        }
        parser.skipChildren();
      }
      return "";
    } catch (JacksonException e) {
      return "";
    }
  }

  private record Field(int number, long value, @Nullable ByteBuffer content) {}

  /** Bytes that are not protobuf. */
  private static final class MalformedException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedException() {
      super("not protobuf", null, false, false);
    }
  }
}
