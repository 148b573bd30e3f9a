package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.retry.ErrorHandling;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Runs branches concurrently and collects their outputs in the order of the branches. The first
 * branch that fails stops the others, and the state fails with its error.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html">Parallel
 *     workflow state</a>
 */
final class ParallelState extends State {

  private final List<States> branches;
  private final DataFlow flow;
  private final ErrorHandling errorHandling;

  ParallelState(String name, DefinitionObject fields, Loader loader) {
    super(name, "Parallel", nextOf(fields));
    List<States> scopes = new ArrayList<>();
    for (DefinitionObject branch : fields.objects("Branches", true)) {
      scopes.add(loader.scope(branch));
      branch.refuseUnknown();
    }
    this.branches = List.copyOf(scopes);
    this.flow = DataFlow.load(fields, "Parameters", "ResultSelector", "ResultPath");
    this.errorHandling = ErrorHandling.load(fields, true);
  }

  @Override
  public List<States> scopes() {
    return branches;
  }

  @Override
  public String resultRefusal(JsonNode result) {
    if (!result.isArray()) {
      return "Mocked result must be an array.";
    }
    return result.size() == branches.size()
        ? ""
        : "Mocked result must contain the same number of items as number of Parallel branches.";
  }

  @Override
  public ErrorHandling errorHandling() {
    return errorHandling;
  }

  @Override
  DataFlow flow() {
    return flow;
  }

  @Override
  public void attempt(Visit visit) {
    JsonNode input = flow.effective(visit.scope());
    SizeLimit.check(input, name());
    if (visit.inspects()) {
      visit.mocked(outputs -> succeed(visit, flow, outputs));
      return;
    }
    visit.event("ParallelStateStarted", null, -1);
    new Fanout(
            branches.size(),
            branches.size(),
            (index, onOutput) ->
                visit.branch(
                    new BranchRequest(
                        branches.get(index),
                        visit.context(),
                        visit.scope().variables(),
                        index,
                        false,
                        input),
                    onOutput),
            outputs -> {
              visit.event("ParallelStateSucceeded", null, -1);
              succeed(visit, flow, outputs);
            })
        .proceed();
  }
}
