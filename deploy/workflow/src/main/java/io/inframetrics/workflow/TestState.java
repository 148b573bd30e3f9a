package io.inframetrics.workflow;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Outcome;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.definition.Definition;
import io.inframetrics.workflow.definition.DefinitionException;
import io.inframetrics.workflow.retry.Catcher;
import io.inframetrics.workflow.retry.Failure;
import io.inframetrics.workflow.retry.Retrier;
import io.inframetrics.workflow.state.State;
import io.inframetrics.workflow.state.States;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs one state alone and answers as the TestState API of Step Functions does, in its JSON,
 * without an account: how the state ended, where it leads, and each step of its data.
 *
 * <p>The request has {@code definition} (a state, or a machine together with {@code stateName}) and
 * may have {@code input}, {@code variables}, {@code context}, {@code inspectionLevel}, {@code mock}
 * ({@code result}, or {@code errorOutput} with {@code error} and {@code cause}) and {@code
 * stateConfiguration} ({@code retrierRetryCount}, {@code errorCausedByState}, {@code
 * mapIterationFailureCount}, {@code mapItemReaderData}). As in the API, definition, input,
 * variables, context, the mocked result and the reader's data are JSON as text; here they may be
 * JSON itself, too.
 *
 * <p>The answer has {@code status} ({@code SUCCEEDED}, {@code FAILED}, {@code RETRIABLE} or {@code
 * CAUGHT_ERROR}) and, where there is one, {@code output}, {@code error}, {@code cause}, {@code
 * nextState} and {@code inspectionData}. Task, Parallel and Map states need a mock, because nothing
 * is called. A Wait state does not wait.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html">TestState</a>
 */
public final class TestState {

  private static final String STATUS = "status";

  private static final Set<String> FIELDS =
      Set.of(
          "definition",
          "stateName",
          "input",
          "variables",
          "context",
          "inspectionLevel",
          "mock",
          "stateConfiguration",
          "roleArn",
          "revealSecrets");
  private static final Set<String> MOCK = Set.of("result", "errorOutput", "fieldValidationMode");
  private static final Set<String> CONFIGURATION =
      Set.of(
          "retrierRetryCount",
          "errorCausedByState",
          "mapIterationFailureCount",
          "mapItemReaderData");

  private final State state;
  private final TestedVisit visit;
  private final boolean details;
  private final long retryCount;

  private TestState(State state, TestedVisit visit, boolean details, long retryCount) {
    this.state = state;
    this.visit = visit;
    this.details = details;
    this.retryCount = retryCount;
  }

  /**
   * Runs the state.
   *
   * @param request as described above; the role and the secrets of the API have no meaning here and
   *     are accepted, so that a request for the API can be used
   * @throws DefinitionException with everything that is wrong with the definition
   * @throws IllegalArgumentException with one sentence if the request is wrong
   */
  public static ObjectNode run(JsonNode request) {
    checkFields(request, "the request", FIELDS);
    JsonNode definition = json(request, "definition");
    if (definition == null) {
      throw new IllegalArgumentException("definition is missing");
    }
    JsonNode context = object(request, "context");
    JsonNode configuration = object(request, "stateConfiguration");
    checkFields(configuration, "stateConfiguration", CONFIGURATION);
    State state = state(definition, request.get("stateName"), context);
    checkOrigin(state, configuration.path("errorCausedByState"));
    Mock mock = mock(state, object(request, "mock"));
    String level = request.path("inspectionLevel").asString("INFO");
    if (!List.of("INFO", "DEBUG", "TRACE").contains(level)) {
      throw new IllegalArgumentException("inspectionLevel must be INFO, DEBUG or TRACE");
    }
    long retryCount = count(configuration, "retrierRetryCount");
    JsonNode input = json(request, "input");
    JsonNode reader = configuration.path("mapItemReaderData");
    TestedVisit visit =
        new TestedVisit(
            state,
            input == null ? Json.NODES.objectNode() : input,
            variables(object(request, "variables")),
            context,
            retryCount,
            mock.result(),
            mock.failure(),
            count(configuration, "mapIterationFailureCount"),
            reader.isMissingNode() ? null : Json.shown(reader));
    return new TestState(state, visit, !level.equals("INFO"), retryCount).answer();
  }

  private record Mock(@Nullable JsonNode result, @Nullable Failure failure) {}

  private static Mock mock(State state, JsonNode mock) {
    checkFields(mock, "mock", MOCK);
    if (!mock.path("fieldValidationMode").asString("NONE").equals("NONE")) {
      throw new IllegalArgumentException(
          "fieldValidationMode must be NONE: the models of the services are not in this runner");
    }
    JsonNode error = mock.get("errorOutput");
    JsonNode result = json(mock, "result");
    if (error != null && result != null) {
      throw new IllegalArgumentException("mock must have either result or errorOutput");
    }
    boolean works = state.canRetry();
    if (works != (error != null || result != null)) {
      throw new IllegalArgumentException(
          works
              ? "a " + state.type() + " state needs a mock with result or errorOutput"
              : "a " + state.type() + " state calls nothing that could be mocked");
    }
    String refusal = result == null ? "" : state.resultRefusal(result);
    if (!refusal.isEmpty()) {
      throw new IllegalArgumentException(refusal);
    }
    if (error == null) {
      return new Mock(result, null);
    }
    return new Mock(
        null,
        new Failure(error.path("error").asString(null), error.path("cause").asString(null), true));
  }

  private static void checkFields(JsonNode object, String what, Set<String> known) {
    if (!object.isObject()) {
      throw new IllegalArgumentException(what + " must be a JSON object");
    }
    Set<String> unknown = new TreeSet<>(object.propertyNames());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(what + " has unknown fields: " + unknown);
    }
  }

  /** A field that is JSON, as text or itself. */
  private static @Nullable JsonNode json(JsonNode parent, String name) {
    JsonNode value = parent.get(name);
    if (value == null || !value.isString()) {
      return value;
    }
    try {
      return name.equals("definition")
          ? Definition.parse(value.stringValue())
          : Json.parse(value.stringValue());
    } catch (JacksonException e) {
      throw new IllegalArgumentException(name + " is not JSON: " + Json.mistake(e), e);
    }
  }

  private static JsonNode object(JsonNode parent, String name) {
    JsonNode value = json(parent, name);
    if (value == null) {
      return Json.NODES.objectNode();
    }
    if (!value.isObject()) {
      throw new IllegalArgumentException(name + " must be a JSON object");
    }
    return value;
  }

  private static long count(JsonNode configuration, String name) {
    JsonNode value = configuration.path(name);
    if (value.isMissingNode()) {
      return 0;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
      throw new IllegalArgumentException(name + " must be a whole number from 0");
    }
    return value.longValue();
  }

  private static Map<String, JsonNode> variables(JsonNode object) {
    Map<String, JsonNode> variables = new LinkedHashMap<>();
    object.properties().forEach(each -> variables.put(each.getKey(), each.getValue()));
    return variables;
  }

  private static State state(JsonNode definition, @Nullable JsonNode stateName, JsonNode context) {
    if (stateName != null) {
      String name = stateName.asString("");
      return find(StateMachine.read(definition, Map.of(), true).states(), name)
          .orElseThrow(
              () ->
                  new IllegalArgumentException("there is no state '" + name + "' in the machine"));
    }
    if (definition.has("States")) {
      throw new IllegalArgumentException("stateName is missing: the definition is a whole machine");
    }
    String name = context.path("State").path("Name").asString("State");
    ObjectNode machine = Json.NODES.objectNode().put("StartAt", name);
    ObjectNode states = machine.putObject("States");
    for (String target : targets(definition)) {
      if (!target.equals(name)) {
        states.putObject(target).put("Type", "Succeed");
      }
    }
    states.set(name, definition);
    return StateMachine.read(machine, Map.of(), true).states().get(name);
  }

  private static Set<String> targets(JsonNode definition) {
    Set<String> targets = new TreeSet<>();
    for (String field : List.of("Next", "Default")) {
      targets.add(definition.path(field).asString(""));
    }
    for (String field : List.of("Choices", "Catch")) {
      definition.path(field).forEach(each -> targets.add(each.path("Next").asString("")));
    }
    targets.remove("");
    return targets;
  }

  private static Optional<State> find(States states, String name) {
    for (State state : states.byName().values()) {
      if (state.name().equals(name)) {
        return Optional.of(state);
      }
      for (States inner : state.scopes()) {
        Optional<State> found = find(inner, name);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static void checkOrigin(State state, JsonNode origin) {
    String name = origin.asString("");
    if (!name.isEmpty()
        && state.scopes().stream().noneMatch(scope -> find(scope, name).isPresent())) {
      throw new IllegalArgumentException(
          "errorCausedByState must name a state inside of '" + state.name() + "'");
    }
  }

  private ObjectNode answer() {
    ObjectNode answer = Json.NODES.objectNode();
    try {
      state.attempt(visit);
    } catch (FailureException e) {
      visit.fail(failure(e));
    }
    Failure failure = visit.failure();
    Outcome outcome = visit.outcome();
    if (outcome != null && SizeLimit.exceeded(outcome.output())) {
      failure = Failure.of(ErrorName.DATA_LIMIT_EXCEEDED, SizeLimit.message(state.name()));
    }
    ObjectNode errorDetails = Json.NODES.objectNode();
    if (failure == null && outcome != null) {
      succeeded(answer, "SUCCEEDED", outcome, visit.next());
    } else {
      failed(answer, failure == null ? Failure.of(ErrorName.RUNTIME, "") : failure, errorDetails);
    }
    if (details) {
      ObjectNode data = visit.inspectionData();
      if (!errorDetails.isEmpty()) {
        data.set("errorDetails", errorDetails);
      }
      answer.set("inspectionData", data);
    }
    return answer;
  }

  private Failure failure(FailureException e) {
    return Failure.of(
        e.error(),
        "An error occurred while executing the state '%s' (entered at the event id #0). %s"
            .formatted(state.name(), e.explanation()));
  }

  private void succeeded(ObjectNode answer, String status, Outcome outcome, @Nullable String next) {
    answer.put(STATUS, status);
    answer.put("output", Json.text(outcome.output()));
    if (next != null) {
      answer.put("nextState", next);
    }
    visit.assigned(outcome.assigned());
  }

  private void failed(ObjectNode answer, Failure failure, ObjectNode errorDetails) {
    answer.put(STATUS, "FAILED");
    if (failure.error() != null) {
      answer.put("error", failure.error());
    }
    if (failure.cause() != null) {
      answer.put("cause", failure.cause());
    }
    Optional<Retrier> retrier = state.errorHandling().retrier(failure);
    if (retrier.isPresent() && retryCount < retrier.get().maxAttempts()) {
      answer.put(STATUS, "RETRIABLE");
      errorDetails.put("retryIndex", state.errorHandling().retriers().indexOf(retrier.get()));
      errorDetails.put(
          "retryBackoffIntervalSeconds",
          retrier.get().delay((int) retryCount + 1, visit.scope().random()).toSeconds());
      return;
    }
    Optional<Catcher> catcher = state.errorHandling().catcher(failure);
    if (catcher.isPresent()) {
      try {
        Outcome caught = catcher.get().outcome(visit.scope(), failure);
        errorDetails.put("catchIndex", state.errorHandling().catchers().indexOf(catcher.get()));
        succeeded(answer, "CAUGHT_ERROR", caught, catcher.get().next());
      } catch (FailureException e) {
        Failure own = failure(e);
        answer.put("error", own.error()).put("cause", own.cause());
      }
    } else if (retrier.isPresent()) {
      errorDetails.put("retryIndex", state.errorHandling().retriers().indexOf(retrier.get()));
    }
  }
}
