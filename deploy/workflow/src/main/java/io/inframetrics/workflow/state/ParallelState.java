package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.definition.Fields;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Runs branches at the same time and collects their outputs, in the order of the branches. The
 * first branch that fails stops the others and fails the state with its own error.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html">Parallel
 *     workflow state</a>
 */
final class ParallelState extends State {

  private final List<States> branches;
  private final DataFlow flow;
  private final ErrorHandling errorHandling;

  ParallelState(String name, Fields fields, Loader loader) {
    super(name, "Parallel", nextOf(fields));
    List<States> scopes = new ArrayList<>();
    for (Fields branch : fields.objects("Branches", true)) {
      scopes.add(loader.scope(branch));
      branch.refuseUnknown();
    }
    this.branches = List.copyOf(scopes);
    this.flow = DataFlow.full(fields);
    this.errorHandling = ErrorHandling.load(fields, true);
  }

  @Override
  public ErrorHandling errorHandling() {
    return errorHandling;
  }

  @Override
  public void attempt(Visit visit) {
    JsonNode input = flow.effective(visit.scope());
    SizeLimit.check(input, name());
    visit.countEvents(1);
    JsonNode[] outputs = new JsonNode[branches.size()];
    int[] open = {branches.size()};
    for (int i = 0; i < branches.size(); i++) {
      int index = i;
      visit.branch(
          branches.get(i),
          visit.context(),
          input,
          output -> {
            outputs[index] = output;
            if (--open[0] == 0) {
              visit.countEvents(1);
              succeed(visit, flow, Json.array(outputs));
            }
          });
    }
  }
}
