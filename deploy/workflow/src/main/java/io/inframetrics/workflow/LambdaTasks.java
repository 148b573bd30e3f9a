package io.inframetrics.workflow;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.execution.TaskCall;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.resource.TaskResource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs Java functions instead of Lambda functions and an SNS topic. Supports Resources that are
 * function ARNs, {@code lambda:invoke} with its envelope, and {@code sns:publish}. With {@code
 * .waitForTaskToken} the task goes on until its token completes it ({@link TaskCall#tokens}).
 * Immutable; as thread-safe as the functions it calls.
 */
public final class LambdaTasks implements TaskHandler {

  private static final int OK = 200;

  private final Map<String, Function> functions;
  private final @Nullable Publisher publisher;

  private LambdaTasks(Builder builder) {
    this.functions = Map.copyOf(builder.functions);
    this.publisher = builder.publisher;
  }

  /** Stands in for a Lambda function. */
  @FunctionalInterface
  public interface Function {

    /**
     * Handles one event.
     *
     * @param payload the event; must not be changed
     * @throws Exception to fail, as described at {@link TaskHandler#handle}
     */
    JsonNode invoke(JsonNode payload) throws Exception;
  }

  /** Stands in for an SNS topic. */
  @FunctionalInterface
  public interface Publisher {

    /**
     * Publishes one message.
     *
     * @param parameters TopicArn, Message, Subject, MessageAttributes and other fields of the state
     * @return the message's ID
     * @throws Exception to fail, as described at {@link TaskHandler#handle}
     */
    String publish(JsonNode parameters) throws Exception;
  }

  /** Returns a builder without functions and without a topic. */
  public static Builder builder() {
    return new Builder();
  }

  public static final class Builder {
    private final Map<String, Function> functions = new LinkedHashMap<>();
    private @Nullable Publisher publisher;

    private Builder() {}

    /** Adds a function by its name, or by its ARN as in the definition after substitutions. */
    public Builder function(String name, Function function) {
      functions.put(name, function);
      return this;
    }

    /** Sets what {@code sns:publish} does, for every topic. */
    public Builder publisher(Publisher newPublisher) {
      this.publisher = newPublisher;
      return this;
    }

    public LambdaTasks build() {
      return new LambdaTasks(this);
    }
  }

  @Override
  public JsonNode handle(TaskCall call) throws Exception {
    JsonNode input = call.input();
    JsonNode answer =
        switch (TaskResource.action(call.resource())) {
          case "lambda:invoke" ->
              envelope(
                  answer(
                      call,
                      function(input.path("FunctionName").asString("")).invoke(payload(input))));
          case "sns:publish" -> published(call);
          default -> function(call.resource()).invoke(input);
        };
    if (TaskResource.hasToken(call.resource())) {
      call.awaitToken();
    }
    return answer;
  }

  /** What a function or a publisher returned; null is a gap in the test. */
  private static <T> T answer(TaskCall call, @Nullable T returned) throws TaskFailure {
    if (returned == null) {
      throw new TaskFailure(
          ErrorName.NO_TASK_RESULT,
          "null was returned for state '%s' and resource '%s': return a value"
              .formatted(call.state(), call.resource()));
    }
    return returned;
  }

  private static JsonNode payload(JsonNode parameters) {
    JsonNode payload = parameters.get("Payload");
    return payload == null ? Json.NODES.objectNode() : payload;
  }

  /** Looks up the text as given, then the function name in it (any alias or version). */
  private Function function(String nameOrArn) throws TaskFailure {
    String[] parts = nameOrArn.split(":", -1);
    int marker = Arrays.asList(parts).indexOf("function");
    String name = parts[marker + 1 < parts.length ? marker + 1 : marker];
    Function function = functions.getOrDefault(nameOrArn, functions.get(name));
    if (function == null) {
      throw new TaskFailure("Lambda.ResourceNotFoundException", "Function not found: " + nameOrArn);
    }
    return function;
  }

  private static JsonNode envelope(JsonNode payload) {
    ObjectNode envelope = Json.NODES.objectNode();
    envelope.put("ExecutedVersion", "$LATEST");
    envelope.set("Payload", payload);
    envelope.putObject("SdkHttpMetadata").put("HttpStatusCode", OK);
    envelope.put("StatusCode", OK);
    return envelope;
  }

  private JsonNode published(TaskCall call) throws Exception {
    if (publisher == null) {
      throw new TaskFailure("SNS.NotFoundException", "Topic does not exist");
    }
    ObjectNode response = Json.NODES.objectNode();
    response.put("MessageId", answer(call, publisher.publish(call.input())));
    response.putObject("SdkHttpMetadata").put("HttpStatusCode", OK);
    return response;
  }
}
