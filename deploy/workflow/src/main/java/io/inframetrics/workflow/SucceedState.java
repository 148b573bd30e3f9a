package io.inframetrics.workflow;

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
  void attempt(Visit visit) {
    visit.succeed(flow, flow.effective(visit.scope()));
  }
}
