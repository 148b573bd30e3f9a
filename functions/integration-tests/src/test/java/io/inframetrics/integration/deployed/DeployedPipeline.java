package io.inframetrics.integration.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.template.Stack;
import io.inframetrics.template.Template;
import io.inframetrics.testkit.aws.LambdaProcess;
import io.inframetrics.testkit.aws.LambdaRuntimeApi.Answer;
import io.inframetrics.workflow.LambdaTasks;
import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.testing.ExecutionAssert;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The whole path: the schedule's input, the state machine as the template substitutes it, the
 * packaged functions under the real runtime client with the template's variables, the events of
 * stored objects, stores in this process, the notification.
 */
final class DeployedPipeline {

  private static final Path DEPLOY = Path.of("..", "..", "deploy");
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, String> RESOURCES =
      Map.of(
          "collect", "CollectFunction",
          "process", "ProcessFunction",
          "healthCheck", "HealthCheckFunction",
          "analyze", "AnalyzeFunction");

  private static final Stack STACK = stack("synthetic");

  private final DeployedStack deployed;
  private final Map<String, LambdaProcess> functions;
  private final List<JsonNode> published = new ArrayList<>();

  /**
   * The pipeline of these functions, by the names of their beans.
   *
   * @param functions with the {@link #variables} of the template
   */
  DeployedPipeline(DeployedStack deployed, Map<String, LambdaProcess> functions) {
    this.deployed = deployed;
    this.functions = functions;
  }

  static Stack stack(String source) {
    try {
      return Template.load(DEPLOY.resolve("template.yaml")).with(Map.of("Source", source));
    } catch (IOException e) {
      throw new UncheckedIOException("the template could not be read", e);
    }
  }

  /** The variables that the template gives, but for those that say where the stores are. */
  static Map<String, String> variables(String bean) {
    Map<String, String> variables = new HashMap<>();
    STACK
        .resource(RESOURCES.get(bean))
        .at("/Environment/Variables")
        .properties()
        .forEach(
            variable -> {
              String value = variable.getValue().asString();
              if (!value.contains("${")) {
                variables.put(variable.getKey(), value);
              }
            });
    return variables;
  }

  private JsonNode call(String bean, JsonNode event) throws TaskFailure {
    Answer answer = functions.get(bean).invoke(event.toString());
    if (answer.errorType() != null) {
      throw new TaskFailure(answer.errorType(), answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** What S3 and the rule do when a raw file was stored. */
  private JsonNode collect(JsonNode event) throws TaskFailure {
    JsonNode collection = call("collect", event);
    for (JsonNode object : collection.path("objects")) {
      ObjectNode landed = JSON.createObjectNode().put("detail-type", "Object Created");
      landed.put("source", "aws.s3");
      landed.putObject("detail").putObject("object").set("key", object.get("key"));
      assertThat(call("process", landed).path("files_processed").intValue()).isEqualTo(1);
    }
    return collection;
  }

  /** The state machine of a stack, as CloudFormation would substitute it. */
  static StateMachine stateMachine(Stack stack) throws IOException {
    Map<String, String> substitutions = new HashMap<>();
    stack
        .resource("Pipeline")
        .at("/DefinitionSubstitutions")
        .properties()
        .forEach(
            each -> {
              String value = each.getValue().stringValue();
              String arn =
                  each.getKey().endsWith("TopicArn")
                      ? "arn:aws:sns:eu-west-1:000000000000:" + value
                      : "arn:aws:lambda:eu-west-1:000000000000:function:" + value;
              substitutions.put(each.getKey(), value.startsWith("${") ? arn : value);
            });
    return StateMachine.load(
        DEPLOY.resolve(stack.resource("Pipeline").at("/DefinitionUri").stringValue()),
        substitutions);
  }

  /** Runs it once as the schedule would. */
  void runAndCheck() throws IOException {
    JsonNode start =
        JSON.readTree(STACK.resource("PipelineSchedule").at("/Target/Input").stringValue());
    LambdaTasks tasks =
        LambdaTasks.builder()
            .function("${CollectFunction.Alias}", this::collect)
            .function("${HealthCheckFunction.Alias}", event -> call("healthCheck", event))
            .function("${AnalyzeFunction.Alias}", event -> call("analyze", event))
            .publisher(
                message -> {
                  published.add(message);
                  return "id";
                })
            .build();

    ExecutionResult run =
        stateMachine(STACK)
            .execution()
            .name("d32c5kddcf5bb8c3")
            .startTime(Instant.now()) // By their clocks, the functions would refuse another.
            .input(JSON.readTree(start.get("Input").stringValue()))
            .tasks(tasks)
            .run();

    ExecutionAssert.assertThat(run)
        .succeeded()
        .transitions(13)
        .took(Duration.ofSeconds(1))
        .output("$.health.status", "\"HEALTHY\"");
    assertThat(published).hasSize(1);
    assertThat(published.get(0).get("TopicArn").stringValue()).endsWith("${ReportTopic}");
    assertThat(published.get(0).get("Subject").stringValue())
        .startsWith("InfraMetrics HEALTHY: 4 of 4 files processed");
    assertThat(published.get(0).get("MessageAttributes"))
        .isEqualTo(
            JSON.readTree(
                """
                {"severity":{"DataType":"String","StringValue":"none"},"changed":{"DataType":"String","StringValue":"true"},
                 "status":{"DataType":"String","StringValue":"HEALTHY"},"run_id":{"DataType":"String","StringValue":"d32c5kddcf5bb8c3"},
                 "source":{"DataType":"String","StringValue":"synthetic"}}
                """));
    assertThat(published.get(0).get("Message").stringValue())
        .contains("4 of 4 raw files processed", "Anomalies at", "Capacity at")
        .contains("Source of the metrics: synthetic.");
    String key = run.output().at("/collections/0/objects/0/key").stringValue();
    assertThat(deployed.read(key)).contains("\"region\":\"synthetic\"");
    assertThat(deployed.read(run.output().at("/analyses/0/report_key").stringValue()))
        .contains("\"region\":\"synthetic\"");
    assertThat(deployed.read("reports/latest.json"))
        .isEqualTo(deployed.read(run.output().at("/report/report_key").stringValue()))
        .contains("\"severity\":\"none\"");
    assertThat(deployed.others().refused()).isEmpty();
  }
}
