package io.inframetrics.sink.s3;

import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The content of an object. After a broken connection it resumes, as long as the object is
 * unchanged; a failure that it cannot repair in time is thrown as {@link
 * RetryableFailureException}, and so is content that is not what was stored, before its last bytes
 * are handed out.
 */
final class ResumingBody extends InputStream {

  private static final Logger LOG = LoggerFactory.getLogger(ResumingBody.class);

  /** How many connections in a row may break without delivering a byte. */
  static final int MAX_FRUITLESS = 3;

  private final Bucket bucket;
  private final String key;
  private final String etag;
  private final long size;
  private final Deadline deadline;
  private final ContentCheck check;
  private ResponseInputStream<GetObjectResponse> in;
  private long position;
  private long resumedAt;
  private int fruitless;
  private boolean closed;

  private ResumingBody(
      Bucket bucket, String key, ResponseInputStream<GetObjectResponse> whole, Deadline deadline) {
    this.bucket = bucket;
    this.key = key;
    this.in = whole;
    this.etag = whole.response().eTag();
    this.size = whole.response().contentLength();
    this.deadline = deadline;
    this.check = ContentCheck.of(whole.response());
  }

  /** Opens an object; empty if there is none. */
  static Optional<StoredObject> open(Bucket bucket, String key, Deadline deadline) {
    return bucket
        .get(key, deadline)
        .map(
            whole -> {
              Origin origin = Origin.of(whole.response().metadata());
              InputStream body = new ResumingBody(bucket, key, whole, deadline);
              return new StoredObject(key, origin.runId(), origin.windowStart(), body);
            });
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    if (closed) {
      throw new IOException("object '" + key + "' is already closed");
    }
    if (count == 0) {
      return 0;
    }
    while (position < size) {
      Exception broken;
      try {
        int read = in.read(bytes, offset, (int) Math.min(count, size - position));
        if (read > 0) {
          position += read;
          check.add(bytes, offset, read);
          if (position == size && !check.passes()) {
            throw new RetryableFailureException(
                "object '%s' in bucket '%s' did not arrive as it was stored: its checksum differs"
                    .formatted(key, bucket.name()));
          }
          return read;
        }
        // A broken connection may look like the end of the object.
        broken =
            new EOFException("the connection ended at byte %d of %d".formatted(position, size));
      } catch (IOException | SdkException e) {
        broken = e;
      }
      resume(broken);
    }
    return -1;
  }

  private void resume(Exception broken) {
    in.abort();
    fruitless = position == resumedAt ? fruitless + 1 : 1;
    resumedAt = position;
    if (fruitless > MAX_FRUITLESS) {
      throw failed("%d connections in a row broke".formatted(fruitless), broken);
    }
    LOG.warn(
        "reading '{}' continues at byte {} of {} after: {}",
        key,
        position,
        size,
        broken.toString());
    in = bucket.getFrom(position, key, etag, deadline);
    String range = in.response().contentRange();
    if (range == null || !range.startsWith("bytes " + position + "-")) {
      throw failed("S3 returned range " + range, broken);
    }
  }

  private RetryableFailureException failed(String what, @Nullable Exception cause) {
    return new RetryableFailureException(
        "object '%s' in bucket '%s' could not be read beyond byte %d of %d: %s"
            .formatted(key, bucket.name(), position, size, what),
        cause);
  }

  @Override
  public int available() throws IOException {
    return closed ? 0 : in.available();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    if (position < size) {
      in.abort(); // Closing would read the rest first.
    } else {
      in.close();
    }
  }
}
