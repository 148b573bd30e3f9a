package io.inframetrics.sink.local;

import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.local.FailPoints.Step;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file that grows in the staging folder until its commit gives it a name. */
final class StagedFile<R> implements StagedObject<R> {

  private static final Logger LOG = LoggerFactory.getLogger(StagedFile.class);

  private static final int BUFFER_BYTES = 65_536;

  private final String name;
  private final Path path;
  private final FileChannel channel;
  private final OutputStream body;
  private final MessageDigest digest = Sha256.newDigest();
  private final DurableFiles files;
  private final Publication<R> publication;
  private boolean ended;

  /** Starts a file for {@code publication} to name; {@code name} is for messages. */
  StagedFile(String name, DurableFiles files, Publication<R> publication) {
    this.name = name;
    this.files = files;
    this.publication = publication;
    try {
      this.path = files.newStagingPath();
      this.channel =
          FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw notStored(e);
    }
    this.body =
        new BufferedOutputStream(
            new DigestOutputStream(Channels.newOutputStream(channel), digest), BUFFER_BYTES);
  }

  @Override
  public OutputStream body() {
    return body;
  }

  @Override
  public R commit() {
    if (ended) {
      throw new IllegalStateException("'" + name + "' is already committed or closed");
    }
    try {
      body.flush();
      channel.force(true);
      long bytes = channel.size();
      channel.close();
      files.failPoints().reached(Step.STAGED);
      R result = publication.publish(new Content(path, bytes, Sha256.hex(digest.digest())));
      ended = true;
      removeStaged();
      return result;
    } catch (IOException e) {
      throw notStored(e);
    }
  }

  private void removeStaged() {
    try {
      Files.deleteIfExists(path);
      files.failPoints().reached(Step.UNSTAGED);
    } catch (IOException e) {
      // The object is stored, so do not fail; the next opening removes the staged file.
      LOG.warn("the staged file '{}' could not be removed", path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(path);
      ended = true;
    } catch (IOException e) {
      throw new RetryableFailureException(
          "the staged file '%s' could not be removed: %s".formatted(path, e), e);
    }
  }

  private RetryableFailureException notStored(IOException e) {
    return new RetryableFailureException("'%s' could not be stored: %s".formatted(name, e), e);
  }

  /** Staged content, complete and on disk; the hash is in hexadecimal digits. */
  record Content(Path path, long bytes, String sha256) {}

  /** Gives content its final name. */
  @FunctionalInterface
  interface Publication<R> {
    R publish(Content content) throws IOException;
  }
}
