package io.inframetrics.pipeline.rawfile;

import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.metric.Metric;
import io.inframetrics.naming.AcceptedKeys;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.exc.JacksonIOException;

/**
 * The accepted lines of one raw file on their way to {@code accepted-metrics/}: gzipped, and
 * written again from their values, so that every field is there and has its right type. Nothing is
 * written before the first line, nothing is visible before {@link #commit}, and the same metrics
 * give the same bytes. One thread.
 */
public final class AcceptedCopy implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 13;

  private final String key;
  private final DocumentStore store;
  private final Deadline deadline;
  private @Nullable Staged staged;

  public AcceptedCopy(String rawKey, DocumentStore store, Deadline deadline) {
    this.key = AcceptedKeys.copyOf(rawKey);
    this.store = store;
    this.deadline = deadline;
  }

  /** Takes a metric that is a record now. */
  public void add(Metric metric) {
    Staged to = staged;
    if (to == null) {
      to = new Staged(store.create(key, deadline));
      staged = to;
    }
    try {
      to.lines.write(metric);
    } catch (JacksonIOException e) {
      throw new RetryableFailureException(
          "'%s' could not be written: %s".formatted(key, Texts.jsonMistake(e)), e);
    }
  }

  /** Makes the copy visible, replacing an earlier one; does nothing if no line was accepted. */
  public void commit() {
    if (staged != null) {
      staged.commit();
    }
  }

  @Override
  public void close() {
    if (staged != null) {
      staged.close();
    }
  }

  private static final class Staged {
    private final StagedObject<String> object;
    private final Gzip gzip;
    private final JsonLinesWriter lines;

    Staged(StagedObject<String> object) {
      this.object = object;
      try {
        this.gzip = new Gzip(object.body());
      } catch (IOException e) {
        object.close();
        throw new UncheckedIOException("could not write the accepted lines", e);
      }
      this.lines = new JsonLinesWriter(gzip);
    }

    void commit() {
      try {
        lines.close();
        gzip.finish();
      } catch (IOException e) {
        throw new UncheckedIOException("could not write the accepted lines", e);
      }
      object.commit();
    }

    void close() {
      gzip.release();
      object.close();
    }
  }

  /** Can release the memory outside the heap without writing the end of the stream. */
  private static final class Gzip extends GZIPOutputStream {

    Gzip(OutputStream out) throws IOException {
      super(out, BUFFER_BYTES);
    }

    void release() {
      def.end();
    }
  }
}
