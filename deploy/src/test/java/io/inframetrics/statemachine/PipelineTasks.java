package io.inframetrics.statemachine;

import io.inframetrics.workflow.LambdaTasks;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pipeline's four functions and its topic, small enough to see through: each answers in the
 * agreed shape.
 */
final class PipelineTasks {

  static final JsonMapper JSON = JsonMapper.shared();

  static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "CollectFunctionArn",
          arn("collect"),
          "HealthCheckFunctionArn",
          arn("healthCheck"),
          "AnalyzeFunctionArn",
          arn("analyze"),
          "NotificationTopicArn",
          "arn:aws:sns:eu-west-1:000000000000:pipeline",
          "AlarmTopicArn",
          "arn:aws:sns:eu-west-1:000000000000:alarms",
          "MessageFormat",
          "text",
          "PublishResource",
          "arn:aws:states:::sns:publish",
          "MetricSource",
          "synthetic");

  private final Set<String> failing = new HashSet<>();
  private final List<String> failingAnalyses = new ArrayList<>();
  private final List<JsonNode> published = new ArrayList<>();
  private int pendingRounds;
  private boolean topicRefuses;
  private boolean topicForgets;

  private static String arn(String function) {
    return "arn:aws:lambda:eu-west-1:000000000000:function:" + function + ":live";
  }

  PipelineTasks failingFor(String... metricTypes) {
    failing.addAll(List.of(metricTypes));
    return this;
  }

  PipelineTasks failingAnalysis(String analysis) {
    failingAnalyses.add(analysis);
    return this;
  }

  PipelineTasks pendingFor(int rounds) {
    pendingRounds = rounds;
    return this;
  }

  PipelineTasks withTopicRefusing() {
    topicRefuses = true;
    return this;
  }

  PipelineTasks withForgetfulTopic() {
    topicForgets = true;
    return this;
  }

  List<JsonNode> published() {
    return published;
  }

  TaskHandler handler() {
    return LambdaTasks.builder()
        .function("collect", this::collect)
        .function("healthCheck", this::healthCheck)
        .function("analyze", this::analyze)
        .publisher(this::publish)
        .build();
  }

  private JsonNode collect(JsonNode request) throws TaskFailure {
    String type = request.get("metric_type").stringValue();
    if (failing.contains(type)) {
      throw new TaskFailure(
          "io.inframetrics.pipeline.RetryableFailureException", "{\"errorMessage\":\"no data\"}");
    }
    return JSON.readTree(
        """
        {"metric_type":"%1$s","run_id":"%2$s","status":"COLLECTED","metric_count":3,
         "objects":[{"key":"raw-metrics/%1$s.json","metric_type":"%1$s","metric_count":3}],"sink_failures":[]}
        """
            .formatted(type, request.get("run_id").stringValue()));
  }

  private JsonNode healthCheck(JsonNode request) {
    int attempt = request.get("attempt").intValue() + 1;
    int failedTypes = failing.size();
    String status = failedTypes > 0 ? "DEGRADED" : "HEALTHY";
    if (failedTypes == request.get("collections").size()) {
      status = "UNHEALTHY";
    }
    if (attempt <= pendingRounds) {
      status = "PENDING";
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.put("status", status).put("attempt", attempt).put("wait_seconds", 5);
    answer
        .put("subject", "InfraMetrics: " + status)
        .put("summary", "The pipeline is " + status + ".");
    ArrayNode failed = answer.putArray("failed_branches");
    request.get("collections").forEach(c -> addIfFailed(failed, c));
    return answer;
  }

  private static void addIfFailed(ArrayNode failed, JsonNode collection) {
    if (collection.get("status").stringValue().equals("FAILED")) {
      failed.add(collection.get("metric_type").stringValue());
    }
  }

  private JsonNode analyze(JsonNode request) throws TaskFailure {
    String analysis = request.get("analysis").stringValue();
    if (failingAnalyses.contains(analysis)) {
      throw new TaskFailure("io.inframetrics.pipeline.InvalidRequestException", "{}");
    }
    if (analysis.equals("report")) {
      return report(request);
    }
    return JSON.readTree(
        """
        {"analysis":"%1$s","findings":[],"report_key":"reports/%1$s.json","summary":"Nothing found by %1$s."}
        """
            .formatted(analysis));
  }

  private static JsonNode report(JsonNode request) {
    ObjectNode answer = JSON.createObjectNode();
    answer.set("subject", request.at("/health/subject"));
    List<String> texts = new ArrayList<>();
    texts.add(request.at("/health/summary").stringValue());
    request.get("analyses").forEach(one -> texts.add(one.get("summary").stringValue()));
    return answer
        .put("summary", String.join("\n\n", texts))
        .put("severity", "warning")
        .put("changed", "false")
        .put("new_findings", 0)
        .put("report_key", "reports/report.json");
  }

  private String publish(JsonNode parameters) throws TaskFailure {
    if (topicRefuses) {
      throw new TaskFailure("SNS.AuthorizationErrorException", "not allowed");
    }
    if (!topicForgets) {
      published.add(parameters);
    }
    return "message-" + published.size();
  }
}
