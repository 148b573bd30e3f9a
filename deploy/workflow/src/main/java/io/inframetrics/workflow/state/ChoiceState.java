package io.inframetrics.workflow.state;

import io.inframetrics.workflow.choice.ChoiceRule;
import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.DefinitionObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Continues with the state of the first rule that holds.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html">Choice</a>
 */
final class ChoiceState extends State {

  private final DataFlow flow;
  private final List<Choice> choices;
  private final @Nullable String otherwise;

  private record Choice(ChoiceRule rule, String next) {}

  ChoiceState(String name, DefinitionObject fields) {
    super(name, "Choice", null);
    this.flow = DataFlow.load(fields);
    List<Choice> loaded = new ArrayList<>();
    for (DefinitionObject choice : fields.objects("Choices", true)) {
      String next = choice.requiredString("Next");
      choice.unsupported("Assign", "this runner has no workflow variables");
      loaded.add(new Choice(ChoiceRule.load(choice), next));
    }
    this.choices = List.copyOf(loaded);
    this.otherwise = fields.string("Default");
  }

  @Override
  List<String> otherTargets() {
    return Stream.concat(choices.stream().map(Choice::next), Stream.ofNullable(otherwise)).toList();
  }

  @Override
  public void attempt(Visit visit) {
    Scope scope = visit.scope();
    JsonNode input = flow.selected(scope);
    Scope selected = scope.over(input);
    String next =
        choices.stream()
            .filter(choice -> choice.rule().holds(selected))
            .findFirst()
            .map(Choice::next)
            .orElse(otherwise);
    if (next == null) {
      throw new FailureException(
          ErrorName.NO_CHOICE_MATCHED,
          "Failed to transition out of the state. The state does not point to a next state.");
    }
    visit.go(next, flow.output(scope, input));
  }
}
