package io.inframetrics.workflow;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.execution.TaskCall;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers HTTP tasks ({@code http:invoke}) with a function in place of the endpoint. A status from
 * 400 on fails the task with {@code States.Http.StatusCode.nnn}, as in Step Functions.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html">Call
 *     HTTPS APIs</a>
 */
public final class HttpTasks implements TaskHandler {

  private static final int FIRST_ERROR = 400;

  private final Endpoint endpoint;

  /**
   * Stands in for every endpoint; {@code request} has ApiEndpoint, Method, RequestBody and so on.
   */
  @FunctionalInterface
  public interface Endpoint {

    /**
     * Answers one request.
     *
     * @throws Exception to fail, as described at {@link TaskHandler#handle}
     */
    Response respond(JsonNode request) throws Exception;
  }

  /**
   * What an endpoint answers.
   *
   * @param status the HTTP status
   * @param statusText such as {@code OK}
   * @param headers values by name
   * @param body JSON, or a string for any other content
   */
  public record Response(
      int status, String statusText, Map<String, String> headers, JsonNode body) {

    public Response {
      headers = Map.copyOf(headers);
    }

    /** The status 200 with JSON. */
    public static Response ok(JsonNode body) {
      return new Response(200, "OK", Map.of("content-type", "application/json"), body);
    }
  }

  public HttpTasks(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public JsonNode handle(TaskCall call) throws Exception {
    Response response = endpoint.respond(call.input());
    if (response == null) {
      throw new TaskFailure(
          ErrorName.NO_TASK_RESULT,
          "the endpoint returned null for state '%s': return a Response".formatted(call.state()));
    }
    if (response.status() >= FIRST_ERROR) {
      throw new TaskFailure(
          "States.Http.StatusCode." + response.status(), Json.shown(response.body()));
    }
    ObjectNode result = Json.NODES.objectNode();
    ObjectNode headers = result.putObject("Headers");
    response.headers().forEach((name, value) -> headers.putArray(name).add(value));
    result.set("ResponseBody", response.body());
    result.put("StatusCode", response.status());
    result.put("StatusText", response.statusText());
    return result;
  }
}
