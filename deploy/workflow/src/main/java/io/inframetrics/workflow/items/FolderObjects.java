package io.inframetrics.workflow.items;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

final class FolderObjects implements ObjectStore {

  private final Path folder;

  FolderObjects(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** The file of an object; a key must not lead out of the folder of its bucket. */
  private Path file(String bucket, String key) throws IOException {
    Path top = folder.resolve(bucket).normalize();
    Path file = top.resolve(key).normalize();
    if (!folder.equals(top.getParent()) || !file.startsWith(top) || file.equals(top)) {
      throw new IOException(
          "'" + bucket + "/" + key + "' is not the name of a file below " + folder);
    }
    return file;
  }

  @Override
  public byte[] read(String bucket, String key) throws IOException {
    Path file = file(bucket, key);
    if (!Files.isRegularFile(file)) {
      throw new FileNotFoundException("there is no file " + file);
    }
    return Files.readAllBytes(file);
  }

  @Override
  public List<Entry> list(String bucket, String prefix) throws IOException {
    Path top = Objects.requireNonNull(file(bucket, "any").getParent());
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = top.relativize(file).toString().replace('\\', '/');
        if (key.startsWith(prefix)) {
          entries.add(new Entry(key, Files.size(file)));
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::key));
    return entries;
  }

  @Override
  public void write(String bucket, String key, byte[] content) throws IOException {
    Path file = file(bucket, key);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, content);
  }
}
