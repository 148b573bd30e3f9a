package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Json;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Runs numbered parts concurrently, at most {@code limit} at once, and collects their outputs. */
final class Fanout {

  private final JsonNode[] outputs;
  private final long limit;
  private final Part part;
  private final Consumer<ArrayNode> onOutputs;
  private int next;
  private int open;

  /** Starts the part with this index; the consumer receives its output later. */
  interface Part {
    void start(int index, Consumer<JsonNode> onOutput);
  }

  /** {@code onOutputs} receives the outputs in the order of the parts. */
  Fanout(int parts, long limit, Part part, Consumer<ArrayNode> onOutputs) {
    this.outputs = new JsonNode[parts];
    this.limit = limit;
    this.part = part;
    this.onOutputs = onOutputs;
  }

  /** Starts as many parts as the limit allows; delivers the outputs if none is running. */
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
