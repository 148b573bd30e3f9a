package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Json;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Runs numbered parts beside each other, at most so many at once, and collects their outputs. */
final class Fanout {

  private final JsonNode[] outputs;
  private final long limit;
  private final Part part;
  private final Consumer<ArrayNode> onOutputs;
  private int next;
  private int open;

  /** Starts the part of an index; its output goes to the consumer, later. */
  interface Part {
    void start(int index, Consumer<JsonNode> onOutput);
  }

  /** Prepares the parts; the outputs, in the order of the parts, go to the last argument. */
  Fanout(int parts, long limit, Part part, Consumer<ArrayNode> onOutputs) {
    this.outputs = new JsonNode[parts];
    this.limit = limit;
    this.part = part;
    this.onOutputs = onOutputs;
  }

  /** Starts as many parts as may run, and ends when there is none left. */
  void proceed() {
    while (next < outputs.length && open < limit) {
      int index = next++;
      open++;
      part.start(
          index,
          output -> {
            outputs[index] = output;
            open--;
            proceed();
          });
    }
    if (open == 0) {
      onOutputs.accept(Json.array(outputs));
    }
  }
}
