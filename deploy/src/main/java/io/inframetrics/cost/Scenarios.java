package io.inframetrics.cost;

import io.inframetrics.workflow.LambdaTasks;
import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.TaskCall;
import io.inframetrics.workflow.execution.TaskFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the definition on a virtual clock, from the healthy case to the worst case. */
final class Scenarios {

  private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:";

  static final String COLLECT = FUNCTION + "collect";
  static final String HEALTH_CHECK = FUNCTION + "healthCheck";
  static final String ANALYZE = FUNCTION + "analyze";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int RETRIES = 3;
  private static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "CollectFunctionArn",
          COLLECT,
          "HealthCheckFunctionArn",
          HEALTH_CHECK,
          "AnalyzeFunctionArn",
          ANALYZE,
          "NotificationTopicArn",
          "arn:aws:sns:us-east-1:000000000000:topic",
          "AlarmTopicArn",
          "arn:aws:sns:us-east-1:000000000000:alarms",
          "MessageFormat",
          "text",
          "PublishResource",
          "arn:aws:states:::sns:publish",
          "MetricSource",
          "synthetic");

  /** The answers of an analysis and of a report in one: the definition reads no more of them. */
  private static final String ANALYZED =
      "{\"summary\":\"\",\"subject\":\"\",\"severity\":\"none\",\"changed\":\"false\"}";

  private final StateMachine machine;

  Scenarios(String definition) {
    this.machine = StateMachine.parse(definition, SUBSTITUTIONS);
  }

  /** From the cheapest scenario, which is normal, to the most expensive one that still succeeds. */
  List<Scenario> all() {
    return List.of(
        run("healthy", 0, call -> false),
        run("healthy, processed late", 1, call -> false),
        run("one collector fails for good", 0, call -> call.state().equals("CollectCPUMetrics")),
        run("every call succeeds at its last retry", 0, call -> call.retryCount() < RETRIES));
  }

  private Scenario run(String name, int pendingRounds, Predicate<TaskCall> fails) {
    Map<String, Integer> invocations = new HashMap<>();
    LambdaTasks tasks =
        LambdaTasks.builder()
            .function(COLLECT, payload -> JSON.readTree("{\"status\":\"COLLECTED\"}"))
            .function(HEALTH_CHECK, payload -> health(payload, pendingRounds))
            .function(ANALYZE, payload -> JSON.readTree(ANALYZED))
            .publisher(parameters -> "id")
            .build();
    int transitions =
        machine
            .execution()
            .tasks(
                call -> {
                  invocations.merge(call.resource(), 1, Integer::sum);
                  if (fails.test(call)) {
                    throw new TaskFailure("Failed", "as this scenario has it");
                  }
                  return tasks.handle(call);
                })
            .run()
            .trace()
            .transitions();
    return new Scenario(name, transitions, invocations);
  }

  private static JsonNode health(JsonNode request, int pendingRounds) {
    int attempt = request.get("attempt").intValue();
    return JSON.createObjectNode()
        .put("status", attempt < pendingRounds ? "PENDING" : "HEALTHY")
        .put("attempt", attempt + 1)
        .put("wait_seconds", 1)
        .put("subject", "")
        .put("summary", "");
  }
}
