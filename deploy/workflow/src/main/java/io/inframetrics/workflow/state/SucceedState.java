package io.inframetrics.workflow.state;

import io.inframetrics.workflow.definition.Fields;

/** Ends its branch with its input. */
final class SucceedState extends State {

  private final DataFlow flow;

  private SucceedState(String name, DataFlow flow) {
    super(name, "Succeed", Transition.END);
    this.flow = flow;
  }

  static SucceedState load(String name, Fields fields) {
    return new SucceedState(name, DataFlow.filtering(fields));
  }

  @Override
  public void attempt(Visit visit) {
    succeed(visit, flow, flow.effective(visit.scope()));
  }
}
