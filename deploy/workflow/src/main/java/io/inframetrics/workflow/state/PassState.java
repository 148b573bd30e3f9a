package io.inframetrics.workflow.state;

import io.inframetrics.workflow.definition.DefinitionObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Passes on its input, or a constant result. */
final class PassState extends State {

  private final DataFlow flow;
  private final @Nullable JsonNode result;

  PassState(String name, DefinitionObject fields) {
    super(name, "Pass", nextOf(fields));
    this.flow = DataFlow.load(fields, "Parameters", "ResultPath");
    this.result = fields.value("Result");
  }

  @Override
  DataFlow flow() {
    return flow;
  }

  @Override
  public boolean shows(String step) {
    return switch (step) {
      case "afterInputPath", "afterParameters" -> result == null;
      case "result" -> result != null;
      case "afterResultSelector", "afterResultPath" -> true;
      default -> super.shows(step);
    };
  }

  @Override
  public void attempt(Visit visit) {
    JsonNode input = flow.effective(visit.scope());
    succeed(visit, flow, result == null ? input : result);
  }
}
