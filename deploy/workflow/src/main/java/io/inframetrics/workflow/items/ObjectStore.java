package io.inframetrics.workflow.items;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Stands in for Amazon S3: where a distributed Map reads its items and writes its results. Used on
 * the thread that runs the execution.
 */
public interface ObjectStore {

  /**
   * Returns the content of an object.
   *
   * @throws IOException if there is no such object, or it cannot be read; the Map then fails with
   *     States.ItemReaderFailed, and the message becomes its cause
   */
  byte[] read(String bucket, String key) throws IOException;

  /** Returns the objects whose keys begin with the prefix, ordered by key. */
  List<Entry> list(String bucket, String prefix) throws IOException;

  /**
   * Creates or replaces an object.
   *
   * @throws IOException if it cannot be written; the Map then fails with States.ResultWriterFailed
   */
  void write(String bucket, String key, byte[] content) throws IOException;

  /** One object of a list. */
  record Entry(String key, long size) {}

  /**
   * Returns a store without objects, in memory. Not thread-safe.
   *
   * @see #memory(Map)
   */
  static ObjectStore memory() {
    return new MemoryObjects(Map.of());
  }

  /**
   * Returns a store in memory with these objects. Not thread-safe.
   *
   * @param objects the text of each object, by {@code bucket/key}
   */
  static ObjectStore memory(Map<String, String> objects) {
    return new MemoryObjects(objects);
  }

  /** Returns a store of files: an object is the file {@code bucket/key} below the folder. */
  static ObjectStore folder(Path folder) {
    return new FolderObjects(folder);
  }
}
