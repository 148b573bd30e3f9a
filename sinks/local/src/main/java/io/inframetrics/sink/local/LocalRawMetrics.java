package io.inframetrics.sink.local;

import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.local.FailPoints.Step;
import io.inframetrics.sink.local.StagedFile.Content;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Raw files on disk under their keys; their origin (run, window, hash) in the database.
 *
 * <p>A crash may come between the two writes. So the origin is written first, and describes
 * content: "the content with this hash under this key was written by this run". A row without its
 * file says nothing about any other file, and the next try replaces it; a file never exists before
 * its row. Nothing needs repair after a crash.
 */
final class LocalRawMetrics implements RawMetricSink, RawMetricSource {

  private final ObjectPaths paths;
  private final DurableFiles files;
  private final Database database;
  private final ReentrantLock publishing = new ReentrantLock();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  LocalRawMetrics(Path root, DurableFiles files, Database database) {
    this.paths = new ObjectPaths(root, ObjectKeys.PREFIX);
    this.files = files;
    this.database = database;
  }

  void addListener(Consumer<String> listener) {
    listeners.add(listener);
  }

  void removeListener(Consumer<String> listener) {
    listeners.remove(listener);
  }

  ObjectPaths paths() {
    return paths;
  }

  /** Changes when a file is written, replaced or deleted. */
  String state(String key) {
    try {
      BasicFileAttributes file =
          Files.readAttributes(
              paths.resolve(key), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return "%s %s %d".formatted(file.fileKey(), file.lastModifiedTime(), file.size());
    } catch (IOException e) {
      return "gone";
    }
  }

  @Override
  public StagedObject<Commit> open(Spec spec, Deadline deadline) {
    spec.keys().forEach(paths::resolve);
    return new StagedFile<>(spec.keys().get(0), files, content -> publish(spec, content));
  }

  private Commit publish(Spec spec, Content content) throws IOException {
    Commit commit;
    // One at a time: no other run may take the key between the check and the write.
    publishing.lock();
    try {
      commit = takeFirstFreeKey(spec, content);
    } finally {
      publishing.unlock();
    }
    if (commit.created()) {
      listeners.forEach(listener -> listener.accept(commit.key()));
    }
    return commit;
  }

  private Commit takeFirstFreeKey(Spec spec, Content content) throws IOException {
    for (String key : spec.keys()) {
      Path path = paths.resolve(key);
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        register(key, spec, content);
        files.failPoints().reached(Step.REGISTERED);
        if (files.create(content.path(), path)) {
          return new Commit(key, true);
        }
        // Somebody has just put a file there by hand.
      } else if (isHeldBy(spec.run().runId(), key, path)) {
        return new Commit(key, false);
      }
    }
    throw new IllegalStateException(
        "run '%s' cannot store its raw file: other runs use %s; give the run another id"
            .formatted(spec.run().runId(), String.join(" and ", spec.keys())));
  }

  private void register(String key, Spec spec, Content content) {
    database.write(
        "the origin of '" + key + "'",
        db ->
            db.update(
                "INSERT OR REPLACE INTO raw_files VALUES (?, ?, ?, ?, ?)",
                key,
                spec.run().runId(),
                spec.windowStart().toString(),
                content.sha256(),
                content.bytes()));
  }

  private boolean isHeldBy(String runId, String key, Path path) throws IOException {
    Optional<Origin> origin = origin(key).filter(known -> known.runId().equals(runId));
    return origin.isPresent()
        && !paths.isBehindLink(path)
        && origin.get().bytes() == Files.size(path)
        && origin.get().sha256().equals(DurableFiles.sha256(path));
  }

  private Optional<Origin> origin(String key) {
    return database.read(
        "the origin of '" + key + "'",
        db ->
            db
                .rows(
                    "SELECT run_id, window_start, sha256, bytes FROM raw_files WHERE object_key ="
                        + " ?",
                    row ->
                        new Origin(
                            row.getString(1),
                            Instant.parse(row.getString(2)),
                            row.getString(3),
                            row.getLong(4)),
                    key)
                .stream()
                .findFirst());
  }

  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    Path path = paths.resolve(key);
    try {
      if (!Files.isRegularFile(path) || paths.isBehindLink(path)) {
        return Optional.empty();
      }
      // The length reveals a file put there by hand; a hash would need a second read.
      long bytes = Files.size(path);
      Optional<Origin> origin = origin(key).filter(known -> known.bytes() == bytes);
      return Optional.of(
          new StoredObject(
              key,
              origin.map(Origin::runId).orElse(null),
              origin.map(Origin::windowStart).orElse(null),
              Files.newInputStream(path)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new RetryableFailureException(
          "raw file '%s' could not be read: %s".formatted(path, e), e);
    }
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return paths.list(prefix, "raw files");
  }

  private record Origin(String runId, Instant windowStart, String sha256, long bytes) {}
}
