package io.inframetrics.encode;

import io.inframetrics.collect.Observation;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.io.OutputStream;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes raw files line by line; the same observations give the same bytes. Buffers a few
 * kilobytes: {@link #close} it, which flushes but leaves the stream open. For one thread.
 *
 * <p>Texts that repeat from line to line are encoded once: about 1.5 times as fast as encoding each
 * text again, as {@code CodecBenchmark} checks.
 *
 * <p>A failing stream causes a {@link tools.jackson.core.exc.JacksonIOException}.
 */
public final class JsonLinesWriter implements AutoCloseable {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .rootValueSeparator("\n")
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  // The names in a line, encoded once.
  static final SerializableString METRIC_ID = new SerializedString("metric_id");
  static final SerializableString METRIC_TYPE = new SerializedString("metric_type");
  static final SerializableString TIMESTAMP = new SerializedString("timestamp");
  static final SerializableString VALUE = new SerializedString("value");
  static final SerializableString UNIT = new SerializedString("unit");
  static final SerializableString INSTANCE_ID = new SerializedString("instance_id");
  static final SerializableString REGION = new SerializedString("region");
  static final SerializableString RUN_ID = new SerializedString("run_id");
  static final SerializableString COLLECTED_AT = new SerializedString("collected_at");
  static final SerializableString DIMENSIONS = new SerializedString("dimensions");

  /** Digits of a long, with its sign, and the '#' before them. */
  private static final int LONGEST_SUFFIX = 21;

  private static final Map<MetricUnit, SerializableString> UNITS = units();

  private final JsonGenerator json;
  private boolean empty = true;

  // Encoded texts that usually repeat from line to line.
  private final Repeated type = new Repeated();
  private final Repeated instanceId = new Repeated();
  private final Repeated region = new Repeated();
  private final Repeated runId = new Repeated();
  private SerializableString collectedAt = new SerializedString("");
  private @Nullable Instant lastObservedAt;
  private long lastEpochSecond;
  private String lastDigits = "0";
  private char[] id = new char[128];

  /** Writes to {@code out}, which the caller closes. */
  public JsonLinesWriter(OutputStream out) {
    this.json = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);
  }

  /** Writes what a collector saw, unchanged: NaN and infinity become text. */
  public void write(Observation observation, CollectionRun run) {
    write(
        observation.series(),
        observation.timestamp(),
        observation.value(),
        observation.unit(),
        observation.region(),
        run);
  }

  public void write(Metric metric) {
    write(
        metric.series(),
        metric.timestamp(),
        metric.value(),
        metric.unit(),
        metric.region(),
        metric.run());
  }

  /** Writes a line as it is; it must be one JSON value. */
  public void writeLine(String json) {
    empty = false;
    this.json.writeRawValue(json);
  }

  private void write(
      Series series,
      Instant timestamp,
      double value,
      MetricUnit unit,
      String regionName,
      CollectionRun run) {
    empty = false;
    long epochSecond = timestamp.getEpochSecond();
    json.writeStartObject();
    json.writeName(METRIC_ID);
    writeId(series.id(), epochSecond);
    type.writeTo(json, METRIC_TYPE, series.type().name());
    json.writeName(TIMESTAMP).writeNumber(epochSecond);
    json.writeName(VALUE);
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Double.toString(value));
    }
    json.writeName(UNIT).writeString(Objects.requireNonNull(UNITS.get(unit)));
    instanceId.writeTo(json, INSTANCE_ID, series.instanceId());
    region.writeTo(json, REGION, regionName);
    runId.writeTo(json, RUN_ID, run.runId());
    if (!run.observedAt().equals(lastObservedAt)) {
      collectedAt = new SerializedString(run.observedAt().toString());
      lastObservedAt = run.observedAt();
    }
    json.writeName(COLLECTED_AT).writeString(collectedAt);
    if (!series.dimensions().isEmpty()) {
      json.writeName(DIMENSIONS).writeStartObject();
      for (Map.Entry<String, String> dimension : series.dimensions().entrySet()) {
        json.writeStringProperty(dimension.getKey(), dimension.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Writes a {@link io.inframetrics.metric.MetricId} without creating a string. */
  private void writeId(String seriesId, long epochSecond) {
    int length = seriesId.length();
    if (id.length < length + LONGEST_SUFFIX) {
      id = new char[2 * (length + LONGEST_SUFFIX)];
    }
    seriesId.getChars(0, length, id, 0);
    id[length++] = '#';
    String digits = epochSecond == lastEpochSecond ? lastDigits : Long.toString(epochSecond);
    lastEpochSecond = epochSecond;
    lastDigits = digits;
    digits.getChars(0, digits.length(), id, length);
    json.writeString(id, 0, length + digits.length());
  }

  private static Map<MetricUnit, SerializableString> units() {
    Map<MetricUnit, SerializableString> units = new EnumMap<>(MetricUnit.class);
    for (MetricUnit unit : MetricUnit.values()) {
      units.put(unit, new SerializedString(unit.wireName()));
    }
    return units;
  }

  /** A text that usually repeats from line to line. */
  private static final class Repeated {

    private String text = "";
    private @Nullable SerializableString encoded = new SerializedString("");

    void writeTo(JsonGenerator json, SerializableString name, String wanted) {
      if (!text.equals(wanted)) {
        // Encoding ahead throws at half a surrogate pair, which the generator escapes.
        encoded = hasSurrogates(wanted) ? null : new SerializedString(wanted);
        text = wanted;
      }
      json.writeName(name);
      if (encoded == null) {
        json.writeString(wanted);
      } else {
        json.writeString(encoded);
      }
    }

    private static boolean hasSurrogates(String text) {
      for (int i = 0; i < text.length(); i++) {
        if (Character.isSurrogate(text.charAt(i))) {
          return true;
        }
      }
      return false;
    }
  }

  @Override
  public void close() {
    if (!json.isClosed() && !empty) {
      json.writeRaw('\n');
    }
    json.close();
  }
}
