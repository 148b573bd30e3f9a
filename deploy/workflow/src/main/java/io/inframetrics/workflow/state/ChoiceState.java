package io.inframetrics.workflow.state;

import io.inframetrics.workflow.choice.ChoiceRule;
import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Goes on with the state of the first rule that holds.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html">Choice
 *     workflow state</a>
 */
final class ChoiceState extends State {

  private final DataFlow flow;
  private final List<Choice> choices;
  private final @Nullable String otherwise;

  private record Choice(ChoiceRule rule, String next) {}

  private ChoiceState(String name, Fields fields) {
    super(name, "Choice", Transition.END);
    this.flow = DataFlow.filtering(fields);
    List<Choice> loaded = new ArrayList<>();
    for (Fields choice : fields.objects("Choices", true)) {
      String next = choice.requiredString("Next");
      choice.unsupported("Assign", "workflow variables are");
      loaded.add(new Choice(ChoiceRule.load(choice), next));
    }
    this.choices = List.copyOf(loaded);
    this.otherwise = fields.string("Default");
  }

  static ChoiceState load(String name, Fields fields) {
    return new ChoiceState(name, fields);
  }

  @Override
  public List<String> otherTargets() {
    List<String> targets = new ArrayList<>(choices.stream().map(Choice::next).toList());
    if (otherwise != null) {
      targets.add(otherwise);
    }
    return targets;
  }

  @Override
  public void attempt(Visit visit) {
    Scope scope = visit.scope();
    JsonNode input = flow.selected(scope);
    Scope selected = scope.over(input);
    String next = otherwise;
    for (Choice choice : choices) {
      if (choice.rule().holds(selected)) {
        next = choice.next();
        break;
      }
    }
    if (next == null) {
      throw new FailureException(
          ErrorName.NO_CHOICE_MATCHED,
          "Failed to transition out of the state. The state does not point to a next state.");
    }
    visit.go(next, flow.output(scope, input));
  }
}
