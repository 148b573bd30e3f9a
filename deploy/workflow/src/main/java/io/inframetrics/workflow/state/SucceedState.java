package io.inframetrics.workflow.state;

import io.inframetrics.workflow.definition.DefinitionObject;

/** Ends its branch with its input. */
final class SucceedState extends State {

  private final DataFlow flow;

  SucceedState(String name, DefinitionObject fields) {
    super(name, "Succeed", null);
    this.flow = DataFlow.withoutAssign(fields);
  }

  @Override
  DataFlow flow() {
    return flow;
  }

  @Override
  public void attempt(Visit visit) {
    succeed(visit, flow, flow.effective(visit.scope()));
  }
}
