package io.inframetrics.sink;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An object that is being read. Close it.
 *
 * @param runId the run that wrote it; null if unknown
 * @param windowStart the start of the window that the run collected, exclusive; null if unknown
 * @param body the content, to be read once, by one thread
 */
public record StoredObject(
    String key, @Nullable String runId, @Nullable Instant windowStart, InputStream body)
    implements AutoCloseable {

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not close object '" + key + "'", e);
    }
  }
}
