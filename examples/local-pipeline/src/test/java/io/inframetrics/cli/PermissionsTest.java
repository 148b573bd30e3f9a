package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.template.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Roles held against {@code deploy/calls.json}, the calls that each function makes, both ways:
 * nothing is missing, nothing is unused. And that list held against the sinks, so that a new call
 * is noticed.
 */
class PermissionsTest {

  /** What Lambda and the tracing do in a function's name. */
  private static final Set<String> BY_LAMBDA =
      Set.of(
          "logs:CreateLogStream ${%sLogs.Arn}",
          "logs:PutLogEvents ${%sLogs.Arn}",
          "xray:PutTraceSegments *",
          "xray:PutTelemetryRecords *");

  private static final Pattern OPERATION =
      Pattern.compile("\"((?:s3|dynamodb|cloudwatch|sns):[A-Za-z0-9]+)\"");

  private final Stack stack = Deployment.template().with(Map.of());
  private final JsonNode calls =
      InputFile.json(VirtualContext.REPOSITORY.resolve("deploy/calls.json"));

  /** The action that a call needs, and on what. */
  private static Stream<String> permissions(String call, String on) {
    return switch (call) {
      case "s3:GetObject", "s3:HeadObject" ->
          // Without the second, what is missing is forbidden.
          Stream.of("s3:GetObject " + resource(on), "s3:ListBucket ${Bucket.Arn}");
      case "s3:CreateMultipartUpload", "s3:UploadPart", "s3:CompleteMultipartUpload" ->
          Stream.of("s3:PutObject " + resource(on));
      default -> Stream.of(call + " " + resource(on));
    };
  }

  private static String resource(String on) {
    return switch (on) {
      case "table" -> "${Table.Arn}";
      case "namespace" -> "*";
      default -> "${Bucket.Arn}/" + on;
    };
  }

  private Set<String> granted(String role) {
    Set<String> granted = new TreeSet<>();
    for (JsonNode policy : stack.resource(role).at("/Policies")) {
      for (JsonNode statement : policy.at("/PolicyDocument/Statement")) {
        assertThat(statement.path("Effect").stringValue()).isEqualTo("Allow");
        for (JsonNode action : list(statement.get("Action"))) {
          for (JsonNode on : list(statement.get("Resource"))) {
            granted.add(action.stringValue() + " " + on.stringValue());
          }
        }
      }
    }
    return granted;
  }

  private static Iterable<JsonNode> list(JsonNode node) {
    return node.isArray() ? node : Set.of(node);
  }

  @ParameterizedTest
  @ValueSource(strings = {"collect", "process", "healthCheck", "analyze"})
  void aFunctionMayDoWhatItDoesAndNothingElse(String bean) {
    String name = Deployment.FUNCTIONS.get(bean);
    Set<String> needed =
        calls.get(bean).properties().stream()
            .flatMap(call -> permissions(call.getKey(), call.getValue().stringValue()))
            .collect(Collectors.toCollection(TreeSet::new));
    BY_LAMBDA.forEach(permission -> needed.add(permission.formatted(name)));
    if (bean.equals("process")) {
      needed.add("sqs:SendMessage ${DeadLetters.Arn}"); // What Lambda gives up, by this role.
    }

    assertThat(granted(name + "Role")).isEqualTo(needed);
    assertThat(stack.resource(name + "Role").properties().has("ManagedPolicyArns")).isFalse();
  }

  @Test
  void dataPointsGoToTheStacksNamespaceOnly() {
    assertThat(stack.resource("CollectRole").at("/Policies/0/PolicyDocument").toString())
        .contains("{\"StringEquals\":{\"cloudwatch:namespace\":\"InfraMetrics\"}}");
  }

  @Test
  void theStateMachineCallsItsFunctionsAndItsTopics() {
    assertThat(granted("PipelineRole"))
        .filteredOn(permission -> !permission.endsWith(" *"))
        .containsExactly(
            "lambda:InvokeFunction ${AnalyzeFunction.Alias}",
            "lambda:InvokeFunction ${CollectFunction.Alias}",
            "lambda:InvokeFunction ${HealthCheckFunction.Alias}",
            "sns:Publish ${ReportTopic}",
            "sns:Publish ${Topic}");
    assertThat(granted("PipelineRole"))
        .filteredOn(permission -> permission.endsWith(" *"))
        .allMatch(permission -> permission.startsWith("logs:") || permission.startsWith("xray:"));
  }

  @Test
  void theScheduleStartsRuns() {
    assertThat(granted("ScheduleRole"))
        .containsExactly("sqs:SendMessage ${DeadLetters.Arn}", "states:StartExecution ${Pipeline}");
  }

  @Test
  void thereAreNoOtherRolesAndNoWildcardActions() {
    assertThat(stack.ofType("AWS::IAM::Role")).hasSize(6);
    stack
        .ofType("AWS::IAM::Role")
        .keySet()
        .forEach(
            role ->
                assertThat(granted(role)).noneMatch(permission -> permission.matches("\\S*\\*.*")));
  }

  @Test
  void everyCallOfTheSinksIsListedAndEveryListedOneIsMade() throws IOException {
    Set<String> made = new TreeSet<>();
    try (Stream<Path> sources = Files.walk(VirtualContext.REPOSITORY.resolve("sinks"))) {
      sources
          .filter(file -> file.toString().endsWith(".java"))
          .filter(
              file -> file.toString().matches(".*/sinks/(s3|dynamodb|cloudwatch|sns)/src/main/.*"))
          .forEach(file -> made.addAll(operations(file)));
    }
    Set<String> listed = new TreeSet<>();
    calls.forEach(function -> listed.addAll(function.propertyNames()));

    assertThat(made).isEqualTo(listed);
  }

  private static Set<String> operations(Path file) {
    try {
      return OPERATION
          .matcher(Files.readString(file))
          .results()
          .map(found -> found.group(1))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
