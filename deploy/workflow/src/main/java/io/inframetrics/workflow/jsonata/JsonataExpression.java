package io.inframetrics.workflow.jsonata;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.Frame;
import com.dashjoin.jsonata.Jsonata.JFunction;
import io.inframetrics.workflow.data.Assignment;
import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSONata expression in a field, <code>{% ... %}</code>, parsed once. Immutable: any number of
 * threads may evaluate it.
 *
 * <p>It reads {@code $states} and the variables, and nothing else: the input is not its context.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html">Using
 *     JSONata in Step Functions</a>
 * @hidden
 */
public final class JsonataExpression {

  private static final String OPEN = "{%";
  private static final String CLOSE = "%}";

  /** A use of $states that may read the context object, which takes time to build. */
  private static final Pattern READS_CONTEXT =
      Pattern.compile("context|\\$states(?!\\.(?:input|result|errorOutput)\\b)");

  /** The error codes whose text is the author's own. */
  private static final Set<String> OWN_TEXT = Set.of("D3137", "D3141");

  private final String text;
  private final String field;
  private final Jsonata compiled;
  private final List<String> names;
  private final boolean readsContext;

  private JsonataExpression(String text, String field, Jsonata compiled, Set<String> names) {
    this.text = text;
    this.field = field;
    this.compiled = compiled;
    this.names = List.copyOf(names);
    this.readsContext = READS_CONTEXT.matcher(text).find();
  }

  /** Whether a field's text is an expression; anything else, even with a blank around, is text. */
  public static boolean isExpression(String text) {
    return text.length() >= OPEN.length() + CLOSE.length()
        && text.startsWith(OPEN)
        && text.endsWith(CLOSE);
  }

  /**
   * Reads an expression with its delimiters.
   *
   * @param field the field's place in its state, such as {@code Arguments/FunctionName}
   * @throws IllegalArgumentException with one sentence if it is not one
   */
  public static JsonataExpression parse(String delimited, String field) {
    String text = delimited.substring(OPEN.length(), delimited.length() - CLOSE.length()).strip();
    try {
      Jsonata compiled = Jsonata.jsonata(text);
      Set<String> names = Tokens.variables(text);
      compiled.setOutputConvertNulls(false);
      compiled.setValidateInput(false);
      for (String name : names) {
        JFunction own = Functions.PURE.get(name);
        if (own != null) {
          compiled.assign(name, own);
        }
      }
      if (names.contains("eval")) {
        // Step Functions has no $eval. Hidden, it is a call of something that is not a function.
        compiled.assign("eval", null);
      }
      // The library remembers the last expression that a thread parsed, and evaluates others in
      // it. If that one were shared with other threads, they would see each other's variables.
      Jsonata.jsonata("''");
      return new JsonataExpression(text, field, compiled, names);
    } catch (RuntimeException | Error e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a JSONata expression: " + reason(e), e);
    }
  }

  public String text() {
    return text;
  }

  /**
   * Computes the value.
   *
   * @throws FailureException States.QueryEvaluationError if there is none
   */
  public JsonNode evaluate(Scope scope) {
    Object value;
    try {
      value = compiled.evaluate(null, frame(scope));
      if (value != null) {
        return Views.json(value);
      }
    } catch (Views.UnsupportedResultException e) {
      throw failure("returned an unsupported result type.");
    } catch (RuntimeException | Error e) {
      throw failure("threw an error during evaluation. " + reason(e));
    }
    throw failure("returned nothing (undefined).");
  }

  /** Computes the value, which must have this type: array, boolean, number, string. */
  public JsonNode evaluate(Scope scope, String type) {
    JsonNode value = evaluate(scope);
    if (!typeOf(value).equals(type)) {
      throw unexpected(type, value);
    }
    return value;
  }

  /** The failure for a value of the wrong type. */
  public FailureException unexpected(String expected, JsonNode value) {
    return failure(
        "returned an unexpected result type. Expected '%s', but was '%s' for value: %s"
            .formatted(expected, typeOf(value), Json.text(value)));
  }

  private static String typeOf(JsonNode value) {
    return value.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  private FailureException failure(String what) {
    return new FailureException(
        ErrorName.QUERY_EVALUATION_ERROR,
        "The JSONata expression '%s' specified for the field '%s' %s".formatted(text, field, what));
  }

  /** Everything that one evaluation may see; a new one each time, so that nothing stays. */
  private Frame frame(Scope scope) {
    Frame frame = new Frame(null);
    for (String name : names) {
      Object value = value(name, scope);
      if (value != null) {
        frame.bind(name, value);
      }
    }
    Bounds bounds = new Bounds();
    frame.setEvaluateEntryCallback(bounds);
    frame.setEvaluateExitCallback(bounds);
    return frame;
  }

  private @Nullable Object value(String name, Scope scope) {
    if (name.equals(Assignment.RESERVED)) {
      return states(scope);
    }
    JsonNode variable = scope.variables().get(name);
    if (variable != null) {
      return Views.of(variable);
    }
    var own = Functions.OF_EXECUTION.get(name);
    return own == null
        ? null
        : new JFunction((input, arguments) -> own.apply(scope, arguments), null);
  }

  private Map<String, Object> states(Scope scope) {
    Map<String, Object> states = new LinkedHashMap<>();
    states.put("input", Views.of(scope.data()));
    if (readsContext) {
      states.put("context", Views.of(scope.context().get()));
    }
    if (scope.result() != null) {
      states.put("result", Views.of(scope.result()));
    }
    if (scope.errorOutput() != null) {
      states.put("errorOutput", Views.of(scope.errorOutput()));
    }
    return states;
  }

  /** JSONata's error with its code, however deep the library wrapped it. */
  private static String reason(Throwable thrown) {
    if (thrown instanceof VirtualMachineError fatal && !(thrown instanceof StackOverflowError)) {
      throw fatal;
    }
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof JException error) {
        String message = String.valueOf(error.getMessage());
        return OWN_TEXT.contains(String.valueOf(error.getError()))
            ? error.getError() + ": " + message
            // The library's texts say Object where JSONata's say function.
            : error.getError() + ": " + message.replace(" Object", " function");
      }
      if (each instanceof StackOverflowError) {
        return Bounds.TOO_DEEP;
      }
    }
    return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
  }
}
