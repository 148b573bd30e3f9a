package io.inframetrics.sink.local;

import io.inframetrics.naming.QuarantineKeys;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class LocalDocuments implements DocumentStore {

  static final String REPORTS = "reports/";

  /** What collections that look behind know of earlier ones. */
  private static final String COLLECTED = "collected/";

  private final Path root;
  private final ObjectPaths paths;
  private final @Nullable DurableFiles files;

  LocalDocuments(Path root, DurableFiles files) {
    this.root = root;
    this.paths = new ObjectPaths(root, QuarantineKeys.PREFIX, REPORTS, COLLECTED);
    this.files = files;
  }

  private LocalDocuments(Path root) {
    this.root = root;
    this.paths = new ObjectPaths(root, REPORTS, "runs/", Housekeeping.DEFINITIONS + "/");
    this.files = null;
  }

  /** What can be read without the folder's lock. */
  static LocalDocuments readOnly(Path root) {
    return new LocalDocuments(root);
  }

  private DurableFiles writable() {
    if (files == null) {
      throw new UnsupportedOperationException("'%s' was opened only to be read".formatted(root));
    }
    return files;
  }

  @Override
  public StagedObject<String> create(String key, Deadline deadline) {
    Path path = paths.resolve(key);
    DurableFiles writable = writable();
    return new StagedFile<>(
        key,
        writable,
        content -> {
          writable.replace(content.path(), path);
          return key;
        });
  }

  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    Path path = paths.resolve(key);
    try {
      if (Files.isRegularFile(path) && !paths.isBehindLink(path)) {
        return Optional.of(new StoredObject(key, null, null, Files.newInputStream(path)));
      }
    } catch (NoSuchFileException e) {
      // It has just been packed, or deleted.
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    try {
      return TarGz.packed(root, path)
          .map(content -> new StoredObject(key, null, null, new ByteArrayInputStream(content)));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static RetryableFailureException unreadable(Path path, IOException e) {
    return new RetryableFailureException("'%s' could not be read: %s".formatted(path, e), e);
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return paths.list(prefix, "objects");
  }

  @Override
  public void move(String from, String to, Deadline deadline) {
    Path source = paths.resolve(from);
    Path target = paths.resolve(to);
    if (source.equals(target)) {
      return;
    }
    try {
      writable().move(source, target);
    } catch (NoSuchFileException e) {
      // Already moved: the contract allows repeated moves.
      return;
    } catch (IOException e) {
      throw new RetryableFailureException(
          "'%s' could not be moved to '%s': %s".formatted(from, to, e), e);
    }
  }
}
