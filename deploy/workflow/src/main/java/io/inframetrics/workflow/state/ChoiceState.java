package io.inframetrics.workflow.state;

import io.inframetrics.workflow.choice.ChoiceRule;
import io.inframetrics.workflow.data.Assignment;
import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Outcome;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.Template;
import io.inframetrics.workflow.definition.DefinitionObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private final boolean jsonata;

  /** Null output passes the input on. */
  private record Choice(
      String place,
      ChoiceRule rule,
      @Nullable Template output,
      Assignment assignment,
      String next) {}

  ChoiceState(String name, DefinitionObject fields) {
    super(name, "Choice", null);
    this.flow = DataFlow.load(fields);
    List<Choice> loaded = new ArrayList<>();
    for (DefinitionObject choice : fields.objects("Choices", true)) {
      String next = choice.requiredString("Next");
      loaded.add(
          new Choice(
              "Choices[" + loaded.size() + "]",
              ChoiceRule.load(choice),
              choice.jsonata() ? choice.template("Output") : null,
              choice.assignment(),
              next));
      choice.refuseUnknown();
    }
    this.choices = List.copyOf(loaded);
    this.jsonata = fields.jsonata();
    this.otherwise = fields.string("Default");
  }

  @Override
  List<String> otherTargets() {
    return Stream.concat(choices.stream().map(Choice::next), Stream.ofNullable(otherwise)).toList();
  }

  @Override
  DataFlow flow() {
    return flow;
  }

  @Override
  public void attempt(Visit visit) {
    Scope scope = visit.scope();
    JsonNode input = flow.selected(scope);
    Scope selected = scope.over(input);
    for (Choice choice : choices) {
      if (choice.rule().holds(selected)) {
        Map<String, JsonNode> assigned = choice.assignment().values(selected);
        Template output = choice.output();
        visit.decided(choice.place());
        visit.go(
            choice.next(),
            new Outcome(jsonata ? passed(output, scope) : flow.output(scope, input), assigned));
        return;
      }
    }
    if (otherwise == null) {
      throw new FailureException(
          ErrorName.NO_CHOICE_MATCHED,
          "Failed to transition out of the state. The state does not point to a next state.");
    }
    // The state's own Assign and, in JSONata, Output belong to the default.
    visit.decided("Default");
    visit.go(otherwise, flow.outcome(scope, input));
  }

  private static JsonNode passed(@Nullable Template output, Scope scope) {
    return output == null ? scope.data() : output.fill(scope);
  }
}
