package io.inframetrics.workflow.items;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

final class MemoryObjects implements ObjectStore {

  private final TreeMap<String, byte[]> contents = new TreeMap<>();

  MemoryObjects(Map<String, String> objects) {
    objects.forEach((place, text) -> contents.put(place, text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public byte[] read(String bucket, String key) throws IOException {
    byte[] content = contents.get(bucket + "/" + key);
    if (content == null) {
      throw new FileNotFoundException(
          "there is no object '" + key + "' in the bucket '" + bucket + "'");
    }
    return content.clone();
  }

  @Override
  public List<Entry> list(String bucket, String prefix) {
    String start = bucket + "/";
    return contents.tailMap(start + prefix).entrySet().stream()
        .takeWhile(each -> each.getKey().startsWith(start + prefix))
        .map(each -> new Entry(each.getKey().substring(start.length()), each.getValue().length))
        .toList();
  }

  @Override
  public void write(String bucket, String key, byte[] content) {
    contents.put(bucket + "/" + key, content.clone());
  }
}
