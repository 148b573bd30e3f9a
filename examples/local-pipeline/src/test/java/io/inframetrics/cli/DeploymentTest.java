package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.cost.Assumptions;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.lambda.EmbeddedMetrics;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.template.Stack;
import io.inframetrics.template.Template;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The template and the definition held against the code that they deploy. */
class DeploymentTest {

  private static final Clock CLOCK = new VirtualContext().clock();

  private final Template template = Deployment.template();
  private final Stack stack = template.with(Map.of());
  private final JsonNode definition =
      InputFile.json(VirtualContext.REPOSITORY.resolve(ProductFiles.DEFINITION));

  @Test
  void everyFunctionIsABean() {
    assertThat(stack.ofType("AWS::Serverless::Function")).hasSameSizeAs(Deployment.FUNCTIONS);
    for (String bean : Deployment.FUNCTIONS.keySet()) {
      assertThat(Deployment.environment(stack, bean))
          .containsEntry("SPRING_CLOUD_FUNCTION_DEFINITION", bean);
    }
  }

  @Test
  void handlerAndMainClassAreThere() throws ReflectiveOperationException {
    for (String bean : Deployment.FUNCTIONS.keySet()) {
      Class.forName(
          stack.resource(Deployment.FUNCTIONS.get(bean) + "Function").at("/Handler").stringValue(),
          false,
          getClass().getClassLoader());
      Class.forName(
          Deployment.environment(stack, bean).get("MAIN_CLASS"),
          false,
          getClass().getClassLoader());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5-minutes", "15-minutes", "1-hour", "3-hours", "1-day"})
  void theFunctionsTakeTheirVariables(String rate) {
    Stack changed = template.with(Map.of("ScheduleRate", rate, "RecordRetentionDays", "7"));
    for (String bean : Deployment.FUNCTIONS.keySet()) {
      Map<String, String> environment = Deployment.environment(changed, bean);
      FunctionSettings settings = FunctionSettings.of(environment, CLOCK);

      assertThat(settings.retention()).isEqualTo(Duration.ofDays(7));
      assertThat(settings.schedule().period())
          .isEqualTo(
              Duration.parse(
                  template.json().at("/Mappings/Schedule/" + rate + "/Period").stringValue()));
      assertThat(settings.stack()).isEqualTo("inframetrics");
      assertThat(settings.bucket()).isEqualTo("${Bucket}");
    }
    FunctionSettings collect =
        FunctionSettings.of(Deployment.environment(changed, "collect"), CLOCK);
    assertThat(collect.discover(getClass().getClassLoader(), CLOCK).types()).hasSize(4);
  }

  @Test
  void theAccountsOwnInstancesAreWatchedByDefault() {
    assertThat(Deployment.environment(stack, "collect"))
        .containsEntry("INFRAMETRICS_SOURCE", "cloudwatch")
        .containsEntry("INFRAMETRICS_COLLECTOR_CLOUDWATCH_MAX_INSTANCES", "25")
        .doesNotContainKey("INFRAMETRICS_COLLECTOR_SYNTHETIC_REGION");
  }

  @Test
  void everySeriesOfTheInventedFleetSaysSo() {
    assertThat(Deployment.environment(template.with(Map.of("Source", "synthetic")), "collect"))
        .containsEntry("INFRAMETRICS_COLLECTOR_SYNTHETIC_REGION", "synthetic")
        .doesNotContainKey("INFRAMETRICS_COLLECTOR_CLOUDWATCH_MAX_INSTANCES");
    Map<String, String> own =
        Deployment.environment(template.with(Map.of("Source", "queues")), "collect");
    assertThat(own)
        .containsEntry("INFRAMETRICS_SOURCE", "queues")
        .doesNotContainKey("INFRAMETRICS_COLLECTOR_SYNTHETIC_REGION");
    FunctionSettings.of(own, CLOCK);
    for (String sources : List.of("synthetic,queues", "queues,synthetic")) {
      Map<String, String> both =
          Deployment.environment(template.with(Map.of("Source", sources)), "collect");
      assertThat(both).containsEntry("INFRAMETRICS_COLLECTOR_SYNTHETIC_REGION", "synthetic");
      FunctionSettings.of(both, CLOCK);
    }
    assertThat(Deployment.environment(template.with(Map.of("Source", "synthetic_2")), "collect"))
        .doesNotContainKey("INFRAMETRICS_COLLECTOR_SYNTHETIC_REGION");
  }

  @Test
  void everyErrorThatTheDefinitionNamesIsAnException() throws ReflectiveOperationException {
    Set<String> names =
        definition.findValues("ErrorEquals").stream()
            .flatMap(JsonNode::valueStream)
            .map(JsonNode::stringValue)
            .filter(name -> !name.startsWith("States."))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(names).isNotEmpty();
    for (String name : names) {
      assertThat(Class.forName(name)).as(name).isAssignableTo(RuntimeException.class);
    }
  }

  @Test
  void theTableIsTheOneThatTheCodeDefines() {
    Stack.Resource table = stack.resource("Table");
    List<String> keys = new ArrayList<>();
    table
        .at("/KeySchema")
        .forEach(
            key ->
                keys.add(
                    key.get("AttributeName").stringValue()
                        + " "
                        + key.get("KeyType").stringValue()));
    List<String> attributes = new ArrayList<>();
    table
        .at("/AttributeDefinitions")
        .forEach(
            attribute ->
                attributes.add(
                    attribute.get("AttributeName").stringValue()
                        + " "
                        + attribute.get("AttributeType").stringValue()));

    assertThat(keys)
        .isEqualTo(
            DynamoDbTable.KEY_SCHEMA.stream()
                .map(key -> key.attributeName() + " " + key.keyTypeAsString())
                .toList());
    assertThat(attributes)
        .isEqualTo(
            DynamoDbTable.ATTRIBUTE_DEFINITIONS.stream()
                .map(key -> key.attributeName() + " " + key.attributeTypeAsString())
                .toList());
    assertThat(table.at("/TimeToLiveSpecification/AttributeName").stringValue())
        .isEqualTo(DynamoDbTable.TTL_ATTRIBUTE);
    assertThat(table.at("/BillingMode").stringValue())
        .isEqualTo(DynamoDbTable.BILLING_MODE.toString());
    assertThat(table.properties().has("GlobalSecondaryIndexes")).isFalse();
  }

  @Test
  void everyMetricThatTheFunctionsEmitIsCounted() {
    assertThat(EmbeddedMetrics.Name.values()).hasSize(EmbeddedMetrics.COUNT);
    assertThat(Assumptions.load().of("self_metrics")).isEqualTo(EmbeddedMetrics.COUNT);
  }

  @Test
  void alarmsAndDashboardAskForMetricsThatThereAre() {
    Set<String> own =
        Stream.concat(
                Stream.of(EmbeddedMetrics.Name.values()).map(EmbeddedMetrics.Name::label),
                Stream.of("cpu_utilization", "memory_usage", "disk_usage", "network_traffic"))
            .collect(Collectors.toSet());
    Set<String> asked = new TreeSet<>();
    stack
        .ofType("AWS::CloudWatch::Alarm")
        .values()
        .forEach(
            alarm -> {
              if (alarm.at("/Namespace").stringValue().equals("InfraMetrics")) {
                asked.add(alarm.at("/MetricName").stringValue());
                assertThat(alarm.at("/Dimensions").toString())
                    .isEqualTo("[{\"Name\":\"Stack\",\"Value\":\"inframetrics\"}]");
              }
            });
    Matcher matcher =
        Pattern.compile("\\[\"InfraMetrics\", \"(\\w+)\", \"Stack\", \"inframetrics\"")
            .matcher(stack.resource("Dashboard").at("/DashboardBody").stringValue());
    while (matcher.find()) {
      asked.add(matcher.group(1));
    }

    assertThat(asked).isEqualTo(new TreeSet<>(own));
  }

  @Test
  void theDashboardShowsTheLimitsThatTheFunctionsJudgeBy() {
    Map<MetricType, Threshold> limits = AnalysisSettings.DEFAULTS.judging().thresholds();
    Map<String, List<Double>> shown = new TreeMap<>();
    JsonNode dashboard =
        InputFile.JSON.readTree(stack.resource("Dashboard").at("/DashboardBody").stringValue());
    for (JsonNode widget : dashboard.path("widgets")) {
      JsonNode annotations = widget.at("/properties/annotations/horizontal");
      if (annotations.isArray()) {
        assertThat(annotations.values())
            .extracting(one -> one.path("label").stringValue())
            .containsExactly("warning", "critical");
        shown.put(
            widget.at("/properties/metrics/0/1").stringValue(),
            annotations.values().stream().map(one -> one.path("value").doubleValue()).toList());
      }
    }

    Map<String, List<Double>> expected = new TreeMap<>();
    limits.forEach(
        (type, limit) -> expected.put(type.name(), List.of(limit.limit(), limit.critical())));
    assertThat(shown).isEqualTo(expected);
  }

  @Test
  void theZipIsTheOneThatTheBuildLeaves() {
    String version =
        Stream.of(InputFile.text(VirtualContext.REPOSITORY.resolve("pom.xml")))
            .flatMap(pom -> Pattern.compile("<version>([^<]*)</version>").matcher(pom).results())
            .map(found -> found.group(1))
            .findFirst()
            .orElseThrow();
    assertThat(stack.resource("CollectFunction").at("/CodeUri").stringValue())
        .isEqualTo("../functions/target/inframetrics-functions-" + version + "-lambda.zip");
    assertThat(
            InputFile.text(VirtualContext.REPOSITORY.resolve("functions/src/assembly/lambda.xml")))
        .contains("<id>lambda</id>", "<format>zip</format>");
  }
}
