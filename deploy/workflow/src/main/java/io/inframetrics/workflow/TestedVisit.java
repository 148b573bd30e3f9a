package io.inframetrics.workflow;

import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Outcome;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.items.ObjectStore;
import io.inframetrics.workflow.resource.TaskRequest;
import io.inframetrics.workflow.retry.Failure;
import io.inframetrics.workflow.state.BranchRequest;
import io.inframetrics.workflow.state.ContextObject;
import io.inframetrics.workflow.state.State;
import io.inframetrics.workflow.state.Visit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One attempt of a state that is tested alone: a mock answers, and each step is kept. */
final class TestedVisit implements Visit {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final State state;
  private final JsonNode input;
  private final Map<String, JsonNode> variables;
  private final JsonNode given;
  private final long retryCount;
  private final @Nullable JsonNode result;
  private final @Nullable Failure mockedFailure;
  private final long failedItems;
  private final @Nullable String readerData;
  private final Random random = new Random(0);
  private final Map<String, JsonNode> steps = new LinkedHashMap<>();
  private Map<String, JsonNode> assigned = Map.of();
  private @Nullable ObjectNode request;
  private @Nullable Outcome outcome;
  private @Nullable String next;
  private @Nullable Failure failure;

  TestedVisit(
      State state,
      JsonNode input,
      Map<String, JsonNode> variables,
      JsonNode given,
      long retryCount,
      @Nullable JsonNode result,
      @Nullable Failure mockedFailure,
      long failedItems,
      @Nullable String readerData) {
    this.state = state;
    this.input = input;
    this.variables = variables;
    this.given = given;
    this.retryCount = retryCount;
    this.result = result;
    this.mockedFailure = mockedFailure;
    this.failedItems = failedItems;
    this.readerData = readerData;
  }

  @Nullable Outcome outcome() {
    return outcome;
  }

  @Nullable String next() {
    return next;
  }

  @Nullable Failure failure() {
    return failure;
  }

  void assigned(Map<String, JsonNode> values) {
    assigned = values;
  }

  /** The steps as the API names them: JSON as text, and counts as numbers. */
  ObjectNode inspectionData() {
    ObjectNode data = Json.NODES.objectNode();
    data.put("input", Json.text(input));
    JsonNode own = steps.get("result");
    try {
      state.inspect(scope(), own, (step, value) -> steps.put(step, value));
    } catch (FailureException e) {
      // The state failed at the next step, as its error says; the steps before are kept.
    }
    steps.forEach(
        (step, value) -> {
          if (!state.shows(step)) {
            return;
          }
          if (step.startsWith("max") || step.startsWith("tolerated")) {
            data.set(step, value);
          } else {
            data.put(step, Json.text(value));
          }
        });
    Map<String, JsonNode> after = new LinkedHashMap<>(variables);
    after.putAll(assigned);
    if (!after.isEmpty()) {
      ObjectNode all = Json.NODES.objectNode();
      after.forEach(all::set);
      data.put("variables", Json.text(all));
    }
    if (request != null) {
      data.set("request", request);
    }
    return data;
  }

  @Override
  public Instant now() {
    return NOW;
  }

  @Override
  public ContextObject context() {
    return ContextObject.of("StateMachine", "execution", input, NOW);
  }

  @Override
  public Scope scope() {
    return scope(context());
  }

  @Override
  public Scope scope(ContextObject context) {
    return new Scope(
        input,
        () ->
            merged(
                context.inState(state.name(), NOW, state.canRetry() ? (int) retryCount : null),
                given),
        variables,
        NOW,
        random,
        null,
        null);
  }

  /** The context object with what the request says about it. */
  private static JsonNode merged(JsonNode own, JsonNode given) {
    if (!(own instanceof ObjectNode left) || !given.isObject()) {
      return given;
    }
    ObjectNode merged = Json.NODES.objectNode();
    merged.setAll(left);
    for (var each : given.properties()) {
      JsonNode before = left.get(each.getKey());
      merged.set(each.getKey(), before == null ? each.getValue() : merged(before, each.getValue()));
    }
    return merged;
  }

  @Override
  public void event(String type, @Nullable String name, long number) {
    // A state alone has no history.
  }

  @Override
  public String newToken() {
    return "token";
  }

  @Override
  public void pause(Duration delay, Runnable then) {
    then.run();
  }

  @Override
  public void branch(BranchRequest branch, Consumer<JsonNode> onOutput) {
    throw new IllegalStateException("a state that is tested alone does not run its branches");
  }

  @Override
  public void child(
      BranchRequest branch,
      @Nullable Duration limit,
      Consumer<JsonNode> onOutput,
      Consumer<Failure> onFailure) {
    throw new IllegalStateException("a state that is tested alone does not run its items");
  }

  @Override
  public ObjectStore objects() {
    return new ObjectStore() {
      @Override
      public byte[] read(String bucket, String key) {
        return data().getBytes(StandardCharsets.UTF_8);
      }

      @Override
      public List<Entry> list(String bucket, String prefix) {
        return Json.parse(data())
            .valueStream()
            .map(each -> new Entry(each.path("Key").asString(""), each.path("Size").asLong(0)))
            .toList();
      }

      @Override
      public void write(String bucket, String key, byte[] content) {
        throw new IllegalStateException("the result of the Map is mocked");
      }
    };
  }

  private String data() {
    if (readerData == null) {
      throw new IllegalArgumentException(
          "a Map with an ItemReader needs mapItemReaderData in stateConfiguration");
    }
    return readerData;
  }

  @Override
  public void invoke(TaskRequest task, Consumer<JsonNode> onResult) {
    if (task.input().has("ApiEndpoint")) {
      request = Json.NODES.objectNode();
      request.put("method", task.input().path("Method").asString(""));
      request.put("url", task.input().path("ApiEndpoint").asString(""));
      if (task.input().has("RequestBody")) {
        request.put("body", Json.shown(task.input().get("RequestBody")));
      }
    }
    mocked(onResult);
  }

  @Override
  public boolean inspects() {
    return true;
  }

  @Override
  public void inspect(String step, JsonNode value) {
    steps.put(step, value);
  }

  @Override
  public void mocked(Consumer<JsonNode> onResult) {
    if (mockedFailure != null) {
      fail(mockedFailure);
    } else if (result != null) {
      onResult.accept(result);
    }
  }

  @Override
  public long failedItems() {
    return failedItems;
  }

  @Override
  public void go(@Nullable String nextState, Outcome left) {
    outcome = left;
    next = nextState;
  }

  @Override
  public void fail(Failure why) {
    failure = why;
  }
}
