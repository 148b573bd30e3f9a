package io.inframetrics.sink.s3;

import io.inframetrics.sink.StagedObject;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An object being written: buffered, then uploaded in parts once it outgrows the buffer. */
final class StagedUpload<R> implements StagedObject<R> {

  private final Bucket bucket;
  private final Target<R> target;
  private final Deadline deadline;
  private final PartBuffer buffer;
  private final OutputStream body = new Body();
  private @Nullable PartUpload upload;
  private @Nullable RuntimeException failure;
  private boolean dropping;
  private boolean ended;

  StagedUpload(Bucket bucket, Target<R> target, int partBytes, Deadline deadline) {
    this.bucket = bucket;
    this.target = target;
    this.deadline = deadline;
    this.buffer = new PartBuffer(partBytes);
  }

  @Override
  public OutputStream body() {
    return body;
  }

  @Override
  public R commit() {
    if (ended) {
      throw new IllegalStateException("'" + target.name() + "' is already committed or closed");
    }
    ended = true;
    if (failure != null) {
      throw failure;
    }
    if (dropping) {
      return target.dropped();
    }
    if (upload == null) {
      return target.put(buffer);
    }
    upload.add(buffer);
    return target.complete(upload);
  }

  @Override
  public void close() {
    ended = true;
    buffer.release();
    if (upload != null) {
      upload.abortUnlessStored();
      upload = null;
    }
  }

  private void sendPart() throws IOException {
    try {
      if (failure != null) {
        throw failure;
      }
      if (upload == null) {
        Optional<String> key = target.keyForParts();
        if (key.isEmpty()) {
          dropping = true;
          buffer.release();
          return;
        }
        upload = PartUpload.start(bucket, key.get(), target.headForParts(), deadline);
      }
      upload.add(buffer);
      buffer.clear();
    } catch (RuntimeException e) {
      failure = e; // A part is missing from now on: nothing may be committed.
      throw new IOException(e.getMessage(), e);
    }
  }

  private final class Body extends OutputStream {

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (ended) {
        throw new IOException("'" + target.name() + "' is already committed or closed");
      }
      int done = 0;
      while (done < count && !dropping) {
        if (buffer.isFull()) {
          sendPart();
        } else {
          done += buffer.append(bytes, offset + done, count - done);
        }
      }
    }
  }
}
