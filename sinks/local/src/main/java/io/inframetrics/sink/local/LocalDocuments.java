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

final class LocalDocuments implements DocumentStore {

  static final String REPORTS = "reports/";

  /** What collections that look behind know of earlier ones. */
  private static final String COLLECTED = "collected/";

  private final ObjectPaths paths;
  private final DurableFiles files;
  private final Housekeeping housekeeping;

  LocalDocuments(Path root, DurableFiles files, Housekeeping housekeeping) {
    this.housekeeping = housekeeping;
    this.paths = new ObjectPaths(root, QuarantineKeys.PREFIX, REPORTS, COLLECTED);
    this.files = files;
  }

  @Override
  public StagedObject<String> create(String key, Deadline deadline) {
    Path path = paths.resolve(key);
    return new StagedFile<>(
        key,
        files,
        content -> {
          files.replace(content.path(), path);
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
      return housekeeping
          .packed(path)
          .map(content -> new StoredObject(key, null, null, new ByteArrayInputStream(content)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new RetryableFailureException("'%s' could not be read: %s".formatted(path, e), e);
    }
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
      files.move(source, target);
    } catch (NoSuchFileException e) {
      // Already moved: the contract allows repeated moves.
      return;
    } catch (IOException e) {
      throw new RetryableFailureException(
          "'%s' could not be moved to '%s': %s".formatted(from, to, e), e);
    }
  }
}
