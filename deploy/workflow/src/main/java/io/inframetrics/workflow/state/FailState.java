package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.Expression;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.MissingPathException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.jsonata.JsonataExpression;
import io.inframetrics.workflow.retry.Failure;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Ends its branch with an error. */
final class FailState extends State {

  private final Text error;
  private final Text cause;
  private final boolean jsonata;

  FailState(String name, DefinitionObject fields) {
    super(name, "Fail", null);
    this.error = Text.load(fields, "Error");
    this.cause = Text.load(fields, "Cause");
    this.jsonata = fields.jsonata();
  }

  /** A constant, or what returns a string; all are null if not given. */
  private record Text(
      String field,
      @Nullable String constant,
      @Nullable Expression computed,
      @Nullable JsonataExpression query) {

    static Text load(DefinitionObject fields, String name) {
      String path = name + "Path";
      fields.oneOf(false, name, path);
      JsonataExpression query = fields.expression(name);
      return new Text(
          path,
          query == null ? fields.string(name) : null,
          fields.jsonata() ? null : fields.parsed(path, Expression::parse),
          query);
    }

    @Nullable String value(Scope scope) {
      if (query != null) {
        return query.evaluate(scope, "string").stringValue();
      }
      if (computed == null) {
        return constant;
      }
      JsonNode value;
      try {
        value = computed.evaluate(scope);
      } catch (MissingPathException e) {
        throw FailureException.runtime(
            "The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'"
                .formatted(e.path(), field, Json.text(scope.data())));
      }
      if (!value.isString()) {
        throw FailureException.runtime(
            "The %s parameter must be a string: %s == %s"
                .formatted(field, computed.text(), Json.text(value)));
      }
      return value.stringValue();
    }
  }

  @Override
  public void inspect(Scope raw, @Nullable JsonNode result, BiConsumer<String, JsonNode> steps) {
    if (!jsonata) {
      steps.accept("afterInputPath", raw.data());
    }
  }

  @Override
  public void attempt(Visit visit) {
    Scope scope = visit.scope();
    visit.fail(new Failure(error.value(scope), cause.value(scope), false));
  }
}
