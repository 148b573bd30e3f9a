package io.inframetrics.workflow.items;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.SizeLimit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Groups items into the inputs of child executions: {@code {"BatchInput":...,"Items":[...]}}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html">ItemBatcher</a>
 * @hidden
 */
public final class ItemBatcher {

  private ItemBatcher() {}

  /**
   * Returns the batches in the order of the items.
   *
   * @param batchInput added to each batch; null for none
   * @param maxItems the most items of a batch; 0 for no limit
   * @param maxBytes the most bytes of a batch as JSON; 0 for the limit of a state's data. A single
   *     item that is larger is a batch of its own.
   */
  public static List<JsonNode> batches(
      List<JsonNode> items, @Nullable JsonNode batchInput, long maxItems, long maxBytes) {
    long most = maxBytes == 0 ? SizeLimit.MAX_BYTES : Math.min(maxBytes, SizeLimit.MAX_BYTES);
    long empty = SizeLimit.bytes(batch(batchInput));
    List<JsonNode> batches = new ArrayList<>();
    ObjectNode batch = batch(batchInput);
    ArrayNode in = (ArrayNode) batch.get("Items");
    long bytes = empty;
    for (JsonNode item : items) {
      long size = SizeLimit.bytes(item);
      boolean full = maxItems > 0 && in.size() >= maxItems;
      if (!in.isEmpty() && (full || bytes + 1 + size > most)) {
        batches.add(batch);
        batch = batch(batchInput);
        in = (ArrayNode) batch.get("Items");
        bytes = empty;
      }
      bytes += size + (in.isEmpty() ? 0 : 1);
      in.add(item);
    }
    if (!in.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private static ObjectNode batch(@Nullable JsonNode batchInput) {
    ObjectNode batch = Json.NODES.objectNode();
    if (batchInput != null) {
      batch.set("BatchInput", batchInput);
    }
    batch.putArray("Items");
    return batch;
  }
}
