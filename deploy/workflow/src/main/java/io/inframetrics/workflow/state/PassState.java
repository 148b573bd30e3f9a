package io.inframetrics.workflow.state;

import io.inframetrics.workflow.definition.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Hands on its input, or a constant result. */
final class PassState extends State {

  private final DataFlow flow;
  private final @Nullable JsonNode result;

  private PassState(String name, Transition transition, DataFlow flow, @Nullable JsonNode result) {
    super(name, "Pass", transition);
    this.flow = flow;
    this.result = result;
  }

  static PassState load(String name, Fields fields) {
    return new PassState(
        name, Transition.load(fields), DataFlow.shaping(fields), fields.value("Result"));
  }

  @Override
  public void attempt(Visit visit) {
    JsonNode input = flow.effective(visit.scope());
    succeed(visit, flow, result == null ? input : result);
  }
}
