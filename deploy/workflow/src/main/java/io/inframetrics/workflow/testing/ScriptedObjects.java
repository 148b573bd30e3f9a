package io.inframetrics.workflow.testing;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.items.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Objects from JSON, in memory. One that is not there is answered by the script of task results:
 * its next entry with the resource {@code s3:getObject} or {@code s3:listObjectsV2}, whose output
 * is what Amazon S3 returns, or only the Body or the Contents of it.
 *
 * @hidden
 */
public final class ScriptedObjects implements ObjectStore {

  private final ObjectStore memory;
  private final ScriptedTasks tasks;

  /**
   * Creates a store.
   *
   * @param objects the content of each object by {@code bucket/key}, as text or as any other JSON
   * @throws IllegalArgumentException with one sentence if it is not a JSON object
   */
  public ScriptedObjects(JsonNode objects, ScriptedTasks tasks) {
    if (!objects.isObject()) {
      throw new IllegalArgumentException("objects must be a JSON object of contents by bucket/key");
    }
    Map<String, String> contents = new TreeMap<>();
    for (var each : objects.properties()) {
      contents.put(each.getKey(), Json.shown(each.getValue()));
    }
    this.memory = ObjectStore.memory(contents);
    this.tasks = tasks;
  }

  @Override
  public byte[] read(String bucket, String key) throws IOException {
    if (memory.list(bucket, key).stream().anyMatch(entry -> entry.key().equals(key))
        || !tasks.answers("s3:getObject")) {
      return memory.read(bucket, key);
    }
    JsonNode answer = answer("s3:getObject");
    return Json.shown(answer.has("Body") ? answer.get("Body") : answer)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<Entry> list(String bucket, String prefix) throws IOException {
    List<Entry> found = memory.list(bucket, prefix);
    if (!found.isEmpty() || !tasks.answers("s3:listObjectsV2")) {
      return found;
    }
    JsonNode answer = answer("s3:listObjectsV2");
    List<Entry> listed = new ArrayList<>();
    for (JsonNode each : answer.has("Contents") ? answer.get("Contents") : answer) {
      listed.add(new Entry(each.path("Key").asString(""), each.path("Size").asLong(0)));
    }
    return listed;
  }

  private JsonNode answer(String resource) throws IOException {
    try {
      return tasks.take(resource);
    } catch (TaskFailure e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void write(String bucket, String key, byte[] content) throws IOException {
    memory.write(bucket, key, content);
  }
}
