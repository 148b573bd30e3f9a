package io.inframetrics.pipeline.rawfile;

import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.encode.Line;
import io.inframetrics.metric.Metric;
import io.inframetrics.naming.QuarantineKeys;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The refused lines of one raw file on their way to {@code quarantine/}, with a reason each.
 * Nothing is written before the first refusal, nothing is visible before {@link #commit}, and the
 * same refusals give the same bytes. One thread.
 */
public final class Quarantine implements AutoCloseable {

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final String rawKey;
  private final DocumentStore store;
  private final Deadline deadline;
  private @Nullable Staged staged;
  private long count;

  public Quarantine(String rawKey, DocumentStore store, Deadline deadline) {
    this.rawKey = rawKey;
    this.store = store;
    this.deadline = deadline;
  }

  /** Takes a line as it stood in the file. */
  public void add(Line.Bad line) {
    add(line.text(), Long.toString(line.number()), line.reason());
  }

  /** Takes an observation that the record store can never hold, written again from its values. */
  public void add(Metric metric, String reason) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(line)) {
      writer.write(metric);
    }
    byte[] text = line.toByteArray();
    add(Arrays.copyOf(text, text.length - 1), null, reason);
  }

  private void add(byte[] text, @Nullable String lineNumber, String reason) {
    Staged to = staged;
    if (to == null) {
      to = new Staged(store, rawKey, deadline);
      staged = to;
    }
    to.add(text, lineNumber, reason);
    count++;
  }

  /** How many lines were refused. */
  public long count() {
    return count;
  }

  /** Makes the refused lines visible, then their reasons; returns the key, or null if none. */
  public @Nullable String commit() {
    return staged == null ? null : staged.commit();
  }

  @Override
  public void close() {
    if (staged != null) {
      staged.close();
    }
  }

  private static final class Staged {
    private final StagedObject<String> lines;
    private final StagedObject<String> reasons;
    private final JsonGenerator json;

    Staged(DocumentStore store, String rawKey, Deadline deadline) {
      this.lines = store.create(QuarantineKeys.lines(rawKey), deadline);
      this.reasons = store.create(QuarantineKeys.reasons(rawKey), deadline);
      this.json =
          JSON.createGenerator(ObjectWriteContext.empty(), reasons.body(), JsonEncoding.UTF8);
      json.writeStartArray();
    }

    void add(byte[] text, @Nullable String lineNumber, String reason) {
      try {
        OutputStream body = lines.body();
        body.write(text);
        body.write('\n');
      } catch (IOException e) {
        throw new UncheckedIOException("could not write rejected lines", e);
      }
      json.writeRaw('\n');
      json.writeStartObject();
      json.writeName("line");
      if (lineNumber == null) {
        json.writeNull();
      } else {
        json.writeNumber(lineNumber);
      }
      json.writeStringProperty("reason", reason);
      json.writeEndObject();
    }

    String commit() {
      json.writeRaw('\n');
      json.writeEndArray();
      json.writeRaw('\n');
      json.close();
      String key = lines.commit();
      reasons.commit();
      return key;
    }

    void close() {
      lines.close();
      reasons.close();
    }
  }
}
