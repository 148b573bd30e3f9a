package io.inframetrics.encode;

import io.inframetrics.collect.Observation;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.MetricId;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Map;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes raw files line by line; the same observations give the same bytes. Buffers a few
 * kilobytes: {@link #close} it, which flushes but leaves the stream open. Belongs to one thread.
 *
 * <p>A stream that fails gives {@link tools.jackson.core.exc.JacksonIOException}.
 */
public final class JsonLinesWriter implements AutoCloseable {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .rootValueSeparator("\n")
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private final JsonGenerator json;
  private boolean empty = true;

  /** Writes to {@code out}, which stays the caller's to close. */
  public JsonLinesWriter(OutputStream out) {
    this.json = JSON.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);
  }

  /** Writes what a collector saw, as it is: a value that is no number becomes text. */
  public void write(Observation observation, CollectionRun run) {
    write(
        observation.series(),
        observation.timestamp(),
        observation.value(),
        observation.unit(),
        observation.region(),
        run);
  }

  /** Writes a fact. */
  public void write(Metric metric) {
    write(
        metric.series(),
        metric.timestamp(),
        metric.value(),
        metric.unit(),
        metric.region(),
        metric.run());
  }

  private void write(
      Series series,
      Instant timestamp,
      double value,
      MetricUnit unit,
      String region,
      CollectionRun run) {
    empty = false;
    long epochSecond = timestamp.getEpochSecond();
    json.writeStartObject();
    json.writeName(Field.METRIC_ID).writeString(MetricId.format(series, epochSecond));
    json.writeName(Field.METRIC_TYPE).writeString(series.type().name());
    json.writeName(Field.TIMESTAMP).writeNumber(epochSecond);
    json.writeName(Field.VALUE);
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Double.toString(value));
    }
    json.writeName(Field.UNIT).writeString(unit.wireName());
    json.writeName(Field.INSTANCE_ID).writeString(series.instanceId());
    json.writeName(Field.REGION).writeString(region);
    json.writeName(Field.RUN_ID).writeString(run.runId());
    json.writeName(Field.COLLECTED_AT).writeString(run.observedAt().toString());
    if (!series.dimensions().isEmpty()) {
      json.writeName(Field.DIMENSIONS).writeStartObject();
      for (Map.Entry<String, String> dimension : series.dimensions().entrySet()) {
        json.writeStringProperty(dimension.getKey(), dimension.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Ends the last line and flushes. */
  @Override
  public void close() {
    if (!json.isClosed() && !empty) {
      json.writeRaw('\n');
    }
    json.close();
  }
}
