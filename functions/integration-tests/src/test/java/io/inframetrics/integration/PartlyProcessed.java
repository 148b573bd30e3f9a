package io.inframetrics.integration;

import io.inframetrics.testkit.aws.Fault;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lets BatchWriteItem do a part of its items, at least one, and leave the rest. */
record PartlyProcessed(double part) implements Fault.BodyRewriter {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String ITEMS = "RequestItems";

  @Override
  public byte[] request(byte[] body) {
    ObjectNode request = (ObjectNode) JSON.readTree(body);
    request.set(ITEMS, items(request, true));
    return JSON.writeValueAsBytes(request);
  }

  @Override
  public byte[] answer(byte[] request, byte[] answer) {
    ObjectNode changed = (ObjectNode) JSON.readTree(answer);
    if (changed.has("UnprocessedItems")) {
      changed.set("UnprocessedItems", items(JSON.readTree(request), false));
    }
    return JSON.writeValueAsBytes(changed);
  }

  /** The items of each table that are done, or those that are left. */
  private ObjectNode items(JsonNode request, boolean done) {
    ObjectNode tables = JSON.createObjectNode();
    request
        .path(ITEMS)
        .properties()
        .forEach(
            table -> {
              int all = table.getValue().size();
              int first = Math.max(1, (int) (all * part));
              ArrayNode items = JSON.createArrayNode();
              for (int i = done ? 0 : first; i < (done ? first : all); i++) {
                items.add(table.getValue().get(i));
              }
              if (!items.isEmpty()) {
                tables.set(table.getKey(), items);
              }
            });
    return tables;
  }
}
