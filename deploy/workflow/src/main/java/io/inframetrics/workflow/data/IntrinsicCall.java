package io.inframetrics.workflow.data;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A call of an intrinsic function; errors name {@code whole}, the outermost call around it. */
record IntrinsicCall(
    IntrinsicFunction function, List<Expression> arguments, String text, String whole)
    implements Expression {

  @Override
  public JsonNode evaluate(Scope scope) {
    List<JsonNode> values = arguments.stream().map(argument -> argument(argument, scope)).toList();
    try {
      return function.apply(new Arguments(values, scope.random()));
    } catch (IllegalArgumentException e) {
      throw new FailureException(
          ErrorName.INTRINSIC_FAILURE, complaint(String.valueOf(e.getMessage())));
    }
  }

  private JsonNode argument(Expression argument, Scope scope) {
    try {
      return argument.evaluate(scope);
    } catch (MissingPathException e) {
      throw FailureException.runtime(
          complaint(
              "The JsonPath argument for the field '%s' could not be found in the input '%s'"
                  .formatted(e.path(), Json.text(scope.data()))));
    }
  }

  private String complaint(String error) {
    return "The function '%s' had the following error: %s".formatted(whole, error);
  }
}
