package io.inframetrics.encode;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.text.Texts;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** Decodes a line to a metric or a reason. Keeps the last series and run, which usually repeat. */
final class LineDecoder {

  /** 9999-12-31T23:59:59Z; anything later is probably in milliseconds. */
  private static final long MAX_EPOCH_SECOND = 253_402_300_799L;

  /**
   * Double.parseDouble would also accept "NaN", "1d" and "0x1p3". Possessive: on a long text that
   * is not a number, backtracking digit by digit would take hours.
   */
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d++\\.?\\d*+|\\.\\d++)([eE][-+]?\\d++)?");

  /** Characters of an invalid value that a reason quotes. */
  private static final int MAX_VALUE_LENGTH = 40;

  private static final JsonFactory JSON = new JsonFactory();

  private final CollectionRun otherwise;
  private @Nullable Series lastSeries;
  private CollectionRun lastRun;

  LineDecoder(CollectionRun otherwise) {
    this.otherwise = otherwise;
    this.lastRun = otherwise;
  }

  Line decode(long number, byte[] buffer, int offset, int length) {
    String reason;
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), buffer, offset, length)) {
      Metric metric = metric(read(json));
      requireUtf8(buffer, offset, length);
      return new Line.Good(number, metric);
    } catch (RefusedLine e) {
      reason = e.getMessage();
    } catch (JacksonException e) {
      reason = "not valid JSON%s: %s".formatted(position(e, offset), Texts.jsonMistake(e));
    } catch (IllegalArgumentException e) {
      reason = e.getMessage(); // The value classes say what is wrong.
    }
    return new Line.Bad(
        number,
        Arrays.copyOfRange(buffer, offset, offset + length),
        Objects.requireNonNullElse(reason, "not an observation"));
  }

  /** The parser also takes a character that is encoded with more bytes than it needs. */
  private static void requireUtf8(byte[] buffer, int offset, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(buffer, offset, length));
    } catch (CharacterCodingException e) {
      throw new RefusedLine(
          "not valid UTF-8: a character is encoded with more bytes than it needs, or as half a pair");
    }
  }

  /** The parser's position; Jackson does not report it when a limit of its own is exceeded. */
  private static String position(JacksonException e, int offset) {
    TokenStreamLocation location = e.getLocation();
    return location == null ? "" : " at byte " + Math.max(0, location.getByteOffset() - offset);
  }

  private static Fields read(JsonParser json) {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new RefusedLine("the line is not a JSON object: write one observation per line");
    }
    Fields fields = new Fields();
    String name;
    while ((name = json.nextName()) != null) {
      json.nextToken();
      switch (name) {
        case "metric_id" -> fields.metricId = text(json, name);
        case "metric_type" -> fields.type = text(json, name);
        case "timestamp" -> fields.timestamp = epochSecond(json);
        case "value" -> fields.value = value(json);
        case "unit" -> fields.unit = text(json, name);
        case "instance_id" -> fields.instanceId = text(json, name);
        case "region" -> fields.region = text(json, name);
        case "run_id" -> fields.runId = text(json, name);
        case "collected_at" -> fields.collectedAt = text(json, name);
        case "dimensions" -> fields.dimensions = dimensions(json);
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw new RefusedLine(
          "there is more text after the JSON object: write one observation per line");
    }
    return fields;
  }

  private Metric metric(Fields fields) {
    Series series = series(fields);
    long timestamp = required("timestamp", fields.timestamp);
    String id = series.id();
    if (fields.metricId != null && !isId(fields.metricId, id, timestamp)) {
      throw new RefusedLine(
          "metric_id is '%s' but the other fields make it '%s#%d': leave it out or correct it"
              .formatted(fields.metricId, id, timestamp));
    }
    String unit = required("unit", fields.unit);
    return new Metric(
        series,
        Instant.ofEpochSecond(timestamp),
        required("value", fields.value),
        MetricUnit.ofWireName(unit)
            .orElseThrow(
                () ->
                    new RefusedLine(
                        "unit '%s' is not known: use a CloudWatch unit such as Percent"
                            .formatted(unit))),
        fields.region == null ? "unknown" : fields.region,
        run(fields));
  }

  private Series series(Fields fields) {
    String type = required("metric_type", fields.type);
    String instanceId = required("instance_id", fields.instanceId);
    Series last = lastSeries;
    if (last == null
        || !last.type().name().equals(type)
        || !last.instanceId().equals(instanceId)
        || !last.dimensions().equals(fields.dimensions)) {
      last = Series.of(new MetricType(type), instanceId, fields.dimensions);
      lastSeries = last;
    }
    return last;
  }

  private CollectionRun run(Fields fields) {
    String runId = fields.runId == null ? otherwise.runId() : fields.runId;
    Instant collectedAt = otherwise.observedAt();
    if (fields.collectedAt != null) {
      if (lastRun.runId().equals(runId)
          && lastRun.observedAt().toString().equals(fields.collectedAt)) {
        return lastRun;
      }
      try {
        collectedAt = Instant.parse(fields.collectedAt);
      } catch (DateTimeParseException e) {
        throw new RefusedLine(
            "collected_at '%s' is not an ISO-8601 instant such as 2026-02-19T11:27:43Z"
                .formatted(fields.collectedAt));
      }
    }
    if (!lastRun.runId().equals(runId) || !lastRun.observedAt().equals(collectedAt)) {
      lastRun = new CollectionRun(runId, collectedAt);
    }
    return lastRun;
  }

  private static boolean isId(String metricId, String seriesId, long timestamp) {
    return metricId.startsWith(seriesId)
        && metricId.substring(seriesId.length()).equals("#" + timestamp);
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new RefusedLine("%s is missing".formatted(name));
    }
    return value;
  }

  private static @Nullable String text(JsonParser json, String name) {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getString();
      case VALUE_NULL -> null;
      default -> throw new RefusedLine("%s is not a string".formatted(name));
    };
  }

  private static @Nullable Long epochSecond(JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    String text = json.getString();
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && text.length() <= 18) {
      long timestamp = json.getLongValue();
      if (Math.abs(timestamp) <= MAX_EPOCH_SECOND) {
        return timestamp;
      }
    }
    throw new RefusedLine(
        "timestamp %s is not a whole number of seconds since 1970 (milliseconds are not accepted)"
            .formatted(Texts.excerpt(text, MAX_VALUE_LENGTH)));
  }

  private static @Nullable Double value(JsonParser json) {
    double value =
        switch (json.currentToken()) {
          case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> json.getDoubleValue();
          case VALUE_STRING -> number(json.getString());
          case VALUE_NULL -> Double.NaN;
          default -> throw new RefusedLine("value is neither a number nor a number in quotes");
        };
    if (!Double.isFinite(value)) {
      throw new RefusedLine(
          "value '%s' is not a finite number"
              .formatted(Texts.excerpt(json.getString(), MAX_VALUE_LENGTH)));
    }
    return value;
  }

  private static double number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new RefusedLine(
          "value '%s' is not a finite number".formatted(Texts.excerpt(text, MAX_VALUE_LENGTH)));
    }
    return Double.parseDouble(text);
  }

  private static Map<String, String> dimensions(JsonParser json) {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return Map.of();
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new RefusedLine("dimensions is not an object with string values");
    }
    Map<String, String> dimensions = new TreeMap<>();
    String name;
    while ((name = json.nextName()) != null) {
      json.nextToken();
      dimensions.put(name, required("dimension '" + name + "'", text(json, "dimension " + name)));
    }
    return dimensions;
  }

  private static final class Fields {
    private @Nullable String metricId;
    private @Nullable String type;
    private @Nullable Long timestamp;
    private @Nullable Double value;
    private @Nullable String unit;
    private @Nullable String instanceId;
    private @Nullable String region;
    private @Nullable String runId;
    private @Nullable String collectedAt;
    private Map<String, String> dimensions = Map.of();
  }

  /** Carries a reason out of the parsing, without a stack trace. */
  private static final class RefusedLine extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedLine(String reason) {
      super(reason, null, false, false);
    }
  }
}
