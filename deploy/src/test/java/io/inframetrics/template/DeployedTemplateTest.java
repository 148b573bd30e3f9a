package io.inframetrics.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The template of this repository. */
class DeployedTemplateTest {

  private static final Path FILE = Path.of("template.yaml");
  private static final Path DEFINITION = Path.of("statemachine", "pipeline.asl.json");
  private static final List<String> RATES =
      List.of("5-minutes", "15-minutes", "1-hour", "3-hours", "1-day");

  /** Alarm metrics and dashboards of an account that are free. */
  private static final int FREE_ALARM_METRICS = 10;

  /** Metrics that a free dashboard may show. */
  private static final int DASHBOARD_METRICS = 50;

  private static Template template;
  private static Stack stack;
  private static String definition;

  @BeforeAll
  static void read() throws IOException {
    template = Template.load(FILE);
    stack = template.with(Map.of());
    definition = Files.readString(DEFINITION);
  }

  private static Set<String> placeholders(String text) {
    return Pattern.compile("\\$\\{([^}!]*)}")
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void substitutesExactlyWhatTheDefinitionNames() {
    assertThat(stack.resource("Pipeline").at("/DefinitionUri").stringValue())
        .isEqualTo(DEFINITION.toString());
    assertThat(stack.resource("Pipeline").at("/DefinitionSubstitutions").propertyNames())
        .containsExactlyInAnyOrderElementsOf(placeholders(definition));
  }

  @Test
  void namesAliasesWhereverAFunctionIsCalled() {
    assertThat(stack.resource("Pipeline").at("/DefinitionSubstitutions").toString())
        .contains("${CollectFunction.Alias}", "${HealthCheckFunction.Alias}")
        .contains("${AnalyzeFunction.Alias}")
        .doesNotContain("Function.Arn");
    assertThat(stack.resource("RawFileRule").at("/Targets/0/Arn").stringValue())
        .isEqualTo(stack.resource("RawFilePermission").at("/FunctionName").stringValue())
        .isEqualTo("${ProcessFunction.Alias}");
    assertThat(stack.ofType("AWS::Serverless::Function").values())
        .hasSize(4)
        .allSatisfy(
            function ->
                assertThat(function.at("/AutoPublishAlias").stringValue()).isEqualTo("live"));
  }

  /** SAM does not see that a parameter changed; a version with another description is another. */
  @Test
  void aFunctionsVersionTellsEveryParameterThatTheFunctionDependsOn() {
    Set<String> parameters = Set.copyOf(template.json().path("Parameters").propertyNames());
    JsonNode globals = template.json().path("Globals").path("Function");
    stack
        .ofType("AWS::Serverless::Function")
        .forEach(
            (id, function) -> {
              JsonNode written = function.written().path("Properties");
              Set<String> used = new TreeSet<>();
              String texts = globals + written.toString().replace(description(written), "");
              references(texts).stream().filter(parameters::contains).forEach(used::add);
              if (used.remove("CollectorPolicyArn")) {
                throw new AssertionError("a policy is the role's and not the function's");
              }
              if (texts.contains("IsSynthetic") || texts.contains("IsCloudWatch")) {
                used.add("Source");
              }
              assertThat(placeholders(description(written))).as(id).isEqualTo(used);
            });
  }

  private static String description(JsonNode function) {
    return function.path("VersionDescription").path("Fn::Sub").stringValue();
  }

  private static Set<String> references(String json) {
    Set<String> names = placeholders(json);
    Pattern.compile("\"Ref\":\"([^\"]*)\"")
        .matcher(json)
        .results()
        .forEach((MatchResult found) -> names.add(found.group(1)));
    return names;
  }

  @Test
  void theLongestVersionDescriptionFits() {
    JsonNode parameters = template.json().path("Parameters");
    for (Stack.Resource function : stack.ofType("AWS::Serverless::Function").values()) {
      assertFits(description(function.written().path("Properties")), parameters);
    }
  }

  private static void assertFits(String description, JsonNode parameters) {
    int length = description.replaceAll("\\$\\{[^}]*}", "").length();
    for (String name : placeholders(description)) {
      JsonNode parameter = parameters.path(name);
      length +=
          parameter.has("MaxLength")
              ? parameter.get("MaxLength").intValue()
              : parameter.has("MaxValue")
                  ? parameter.get("MaxValue").asString().length()
                  : parameter
                      .path("AllowedValues")
                      .valueStream()
                      .mapToInt(value -> value.asString().length())
                      .max()
                      .orElseThrow();
    }
    // https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
    assertThat(length).isLessThanOrEqualTo(256);
  }

  @Test
  void bucketAndTableOutliveTheStack() {
    for (String id : List.of("Bucket", "Table")) {
      JsonNode written = stack.resource(id).written();
      assertThat(written.path("DeletionPolicy").stringValue()).isEqualTo("Retain");
      assertThat(written.path("UpdateReplacePolicy").stringValue()).isEqualTo("Retain");
    }
  }

  @Test
  void namesNothingThatASecondStackWouldNameToo() {
    stack
        .resources()
        .forEach(
            (id, resource) -> {
              JsonNode properties = resource.written().path("Properties");
              for (String name :
                  List.of(
                      "Name",
                      "BucketName",
                      "TableName",
                      "TopicName",
                      "QueueName",
                      "FunctionName",
                      "RoleName",
                      "AlarmName",
                      "LogGroupName",
                      "DashboardName")) {
                boolean saved = resource.type().equals("AWS::Athena::NamedQuery");
                if (properties.has(name) && !saved) {
                  assertThat(properties.get(name).toString())
                      .as(id + "." + name)
                      .containsAnyOf("AWS::StackName", ".Alias");
                }
              }
            });
  }

  @Test
  void theStateMachinesNameLeavesFortyOneCharactersForTheStacks() {
    String name = stack.resource("Pipeline").written().at("/Properties/Name/Fn::Sub").stringValue();
    assertThat(name.replace("${AWS::StackName}", "x".repeat(41))).hasSize(80);
  }

  @Test
  void functionsEndBeforeTheStatesThatWaitForThem() throws IOException {
    for (JsonNode task : JsonMapper.shared().readTree(definition).findParents("Resource")) {
      for (String name : placeholders(task.get("Resource").stringValue())) {
        if (name.equals("PublishResource")) {
          continue;
        }
        String function = name.replaceAll("Arn$", "");
        assertThat(stack.resource(function).at("/Timeout").intValue())
            .as(function)
            .isLessThan(task.get("TimeoutSeconds").intValue());
      }
    }
  }

  @Test
  void everyRateHasItsPeriodWindowAndHeartbeat() {
    JsonNode mapping = template.json().at("/Mappings/Schedule");
    assertThat(mapping.propertyNames()).containsExactlyElementsOf(RATES);
    assertThat(template.json().at("/Parameters/ScheduleRate/AllowedValues").valueStream())
        .extracting(JsonNode::stringValue)
        .containsExactlyElementsOf(RATES);
    for (String rate : RATES) {
      JsonNode of = mapping.get(rate);
      Duration period = Duration.parse(of.get("Period").stringValue());
      assertThat(of.get("Rate").stringValue()).isEqualTo("rate(" + rate.replace('-', ' ') + ")");
      assertThat(Duration.parse(of.get("MaxWindow").stringValue())).isGreaterThanOrEqualTo(period);
      long heartbeat = of.get("HeartbeatSeconds").longValue();
      assertThat(heartbeat).isEqualTo(period.toSeconds());
      Stack scheduled = template.with(Map.of("ScheduleRate", rate));
      assertThat(scheduled.resource("PipelineSchedule").at("/ScheduleExpression"))
          .isEqualTo(of.get("Rate"));
      JsonNode alarm = scheduled.resource("HeartbeatAlarm").properties();
      assertThat(alarm.get("Period").longValue()).isEqualTo(heartbeat);
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      assertThat(heartbeat * alarm.get("EvaluationPeriods").longValue())
          .isLessThanOrEqualTo(heartbeat < 3_600 ? 86_400 : 604_800);
    }
  }

  @Test
  void whoeverSwitchesTheScheduleOffIsNotToldThatNothingRan() {
    Stack off = template.with(Map.of("ScheduleState", "DISABLED"));
    assertThat(off.resources()).doesNotContainKey("HeartbeatAlarm").containsKey("RunFailedAlarm");
    assertThat(off.resource("PipelineSchedule").at("/State").stringValue()).isEqualTo("DISABLED");
  }

  @Test
  void alarmsAndDashboardAreFreeAndTellTheTopic() {
    int metrics = 0;
    for (Stack.Resource alarm : stack.ofType("AWS::CloudWatch::Alarm").values()) {
      metrics += Math.max(1, alarm.at("/Metrics").size());
      assertThat(alarm.at("/AlarmActions").toString()).isEqualTo("[\"${Topic}\"]");
      assertThat(alarm.at("/AlarmDescription").stringValue()).isNotBlank();
    }
    assertThat(metrics).isLessThanOrEqualTo(FREE_ALARM_METRICS);
    assertThat(stack.ofType("AWS::CloudWatch::Dashboard")).hasSize(1);
  }

  /** A filter that also silenced alarms would be worse than none. */
  @Test
  void onlyReportsAreFiltered() {
    String policy = "/FilterPolicy";
    Map<String, String> expected =
        Map.of(
            "changes", "{\"changed\":[\"true\"]}",
            "warning", "{\"severity\":[\"warning\",\"critical\"]}",
            "critical", "{\"severity\":[\"critical\"]}");
    for (JsonNode value : template.json().at("/Parameters/NotifyOn/AllowedValues")) {
      String notifyOn = value.stringValue();
      Stack mailed =
          template.with(Map.of("NotificationEmail", "ops@example.com", "NotifyOn", notifyOn));
      assertThat(mailed.ofType("AWS::SNS::Subscription")).hasSize(2);
      assertThat(mailed.resource("EmailSubscription").at("/TopicArn").stringValue())
          .isEqualTo("${Topic}");
      assertThat(mailed.resource("EmailSubscription").properties().has("FilterPolicy")).isFalse();
      Stack.Resource reports = mailed.resource("ReportSubscription");
      assertThat(reports.at("/TopicArn").stringValue()).isEqualTo("${ReportTopic}");
      assertThat(reports.at("/Endpoint").stringValue()).isEqualTo("ops@example.com");
      assertThat(reports.at(policy).toString())
          .as(notifyOn)
          .isEqualTo(expected.getOrDefault(notifyOn, ""));
    }
    JsonNode substitutions = stack.resource("Pipeline").at("/DefinitionSubstitutions");
    assertThat(substitutions.get("NotificationTopicArn").stringValue()).isEqualTo("${ReportTopic}");
    assertThat(substitutions.get("AlarmTopicArn").stringValue()).isEqualTo("${Topic}");
    assertThat(stack.resource("StoppedRunRule").at("/Targets/0/Arn").stringValue())
        .isEqualTo("${Topic}");
  }

  @Test
  void aStoppedRunIsReportedInTheChosenFormat() {
    String template = "/Targets/0/InputTransformer/InputTemplate";
    assertThat(stack.resource("StoppedRunRule").at(template).stringValue())
        .startsWith("\"Run <name> ended as <status>");
    String chat =
        DeployedTemplateTest.template
            .with(Map.of("MessageFormat", "chat-schema"))
            .resource("StoppedRunRule")
            .at(template)
            .stringValue();
    JsonNode message = JsonMapper.shared().readTree(chat);
    assertThat(message.path("version").stringValue()).isEqualTo("1.0");
    assertThat(message.path("source").stringValue()).isEqualTo("custom");
    assertThat(message.at("/content/description").stringValue()).startsWith("Run <name> ended");
  }

  @Test
  void whatIsMutedReachesTheFunctionThatReports() {
    String mute = "disk_usage#*@2026-02-19T22:00Z/2026-02-20T06:00Z";
    String variable = "/Environment/Variables/INFRAMETRICS_MUTE";
    assertThat(stack.resource("AnalyzeFunction").at(variable).isMissingNode()).isTrue();
    assertThat(template.with(Map.of("Mute", mute)).resource("AnalyzeFunction").at(variable))
        .hasToString("\"" + mute + "\"");
  }

  /** Between runs no data points come, and what was critical still is. */
  @Test
  void criticalFindingsRaiseAnAlarmUntilARunReportsNone() {
    Stack.Resource alarm = stack.resource("CriticalFindingsAlarm");
    assertThat(alarm.at("/MetricName").stringValue()).isEqualTo("OpenCriticalFindings");
    assertThat(alarm.at("/TreatMissingData").stringValue()).isEqualTo("ignore");
    assertThat(stack.ofType("AWS::CloudWatch::Alarm")).hasSize(10);
  }

  /** SQS stops to report a queue that nobody calls, with letters in it or not. */
  @Test
  void deadLettersAreToldUntilTheyAreGone() {
    assertThat(stack.resource("DeadLettersAlarm").at("/TreatMissingData").stringValue())
        .isEqualTo("ignore");
  }

  @Test
  void theBucketIsPrivateEncryptedAndForgets() {
    Stack.Resource bucket = stack.resource("Bucket");
    assertThat(bucket.at("/PublicAccessBlockConfiguration").toString())
        .isEqualTo(
            "{\"BlockPublicAcls\":true,\"BlockPublicPolicy\":true,"
                + "\"IgnorePublicAcls\":true,\"RestrictPublicBuckets\":true}");
    assertThat(bucket.at("/BucketEncryption").toString()).contains("AES256");
    assertThat(bucket.at("/NotificationConfiguration").toString())
        .isEqualTo("{\"EventBridgeConfiguration\":{\"EventBridgeEnabled\":true}}");
    assertThat(bucket.at("/LifecycleConfiguration/Rules").valueStream())
        .filteredOn(rule -> rule.has("ExpirationInDays"))
        .extracting(rule -> rule.get("Prefix").stringValue())
        .containsExactlyInAnyOrder(
            "raw-metrics/", "accepted-metrics/", "quarantine/", "reports/", "athena-results/");
    for (String policy :
        List.of("BucketPolicy", "ReportTopicPolicy", "TopicPolicy", "DeadLettersPolicy")) {
      assertThat(stack.resource(policy).at("/PolicyDocument/Statement").valueStream())
          .as(policy)
          .anySatisfy(
              statement -> {
                assertThat(statement.get("Effect").stringValue()).isEqualTo("Deny");
                assertThat(statement.get("Principal").stringValue()).isEqualTo("*");
                assertThat(statement.at("/Condition/Bool/aws:SecureTransport").stringValue())
                    .isEqualTo("false");
              });
    }
  }

  @Test
  void keyMailboxLayerPolicyAndBackupsAreThereWhenAskedFor() {
    String key = "arn:aws:kms:eu-west-1:111122223333:key/k";
    String layer = "arn:aws:lambda:eu-west-1:111122223333:layer:own:1";
    String policy = "arn:aws:iam::111122223333:policy/own";
    Stack all =
        template.with(
            Map.of(
                "TopicKmsKeyArn",
                key,
                "NotificationEmail",
                "ops@example.com",
                "CollectorLayerArn",
                layer,
                "CollectorPolicyArn",
                policy,
                "PointInTimeRecovery",
                "true",
                "SnapStart",
                "None"));

    assertThat(stack.resource("Topic").properties().has("KmsMasterKeyId")).isFalse();
    assertThat(all.resource("Topic").at("/KmsMasterKeyId").stringValue()).isEqualTo(key);
    assertThat(all.resource("ReportTopic").at("/KmsMasterKeyId").stringValue()).isEqualTo(key);
    assertThat(stack.resource("PipelineRole").properties().toString()).doesNotContain("kms:");
    assertThat(all.resource("PipelineRole").properties().toString())
        .contains("[\"kms:GenerateDataKey\",\"kms:Decrypt\"],\"Resource\":\"" + key + "\"");
    assertThat(stack.resources()).doesNotContainKey("EmailSubscription");
    assertThat(all.resource("EmailSubscription").at("/Endpoint").stringValue())
        .isEqualTo("ops@example.com");
    assertThat(stack.resource("CollectFunction").properties().has("Layers")).isFalse();
    assertThat(all.resource("CollectFunction").at("/Layers").toString())
        .isEqualTo("[\"" + layer + "\"]");
    assertThat(all.resource("ProcessFunction").properties().has("Layers")).isFalse();
    assertThat(all.resource("CollectRole").at("/ManagedPolicyArns").toString())
        .isEqualTo("[\"" + policy + "\"]");
    String recovery = "/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled";
    assertThat(stack.resource("Table").at(recovery).asString()).isEqualTo("false");
    assertThat(all.resource("Table").at(recovery).asString()).isEqualTo("true");
    assertThat(stack.resource("CollectFunction").at("/SnapStart/ApplyOn").stringValue())
        .isEqualTo("PublishedVersions");
    assertThat(all.resource("CollectFunction").at("/SnapStart/ApplyOn").stringValue())
        .isEqualTo("None");
  }

  /** Metrics of the OpenTelemetry endpoint have no namespace: a condition would refuse them. */
  @Test
  void onlyClassicDataPointsAreLimitedToTheNamespace() {
    for (String publish : List.of("classic", "otlp", "both")) {
      Stack published = template.with(Map.of("Publish", publish));
      assertThat(
              published
                  .resource("CollectRole")
                  .at("/Policies/0/PolicyDocument/Statement")
                  .valueStream()
                  .filter(
                      statement -> statement.path("Action").toString().contains("PutMetricData")))
          .as(publish)
          .singleElement()
          .satisfies(
              statement -> {
                assertThat(statement.get("Resource").stringValue()).isEqualTo("*");
                assertThat(statement.has("Condition")).isEqualTo(publish.equals("classic"));
              });
      assertThat(
              published
                  .resource("CollectFunction")
                  .at("/Environment/Variables/INFRAMETRICS_PUBLISH")
                  .stringValue())
          .isEqualTo(publish);
    }
    assertThat(stack.resource("CollectRole").at("/Policies/0/PolicyDocument/Statement").toString())
        .contains("\"Condition\":{\"StringEquals\":{\"cloudwatch:namespace\":\"InfraMetrics\"}}");
  }

  @Test
  void whateverRunsIsLoggedForATimeAndTraced() {
    assertThat(stack.ofType("AWS::Logs::LogGroup"))
        .hasSize(5)
        .allSatisfy(
            (id, group) -> assertThat(group.at("/RetentionInDays").asString()).isEqualTo("30"));
    stack
        .ofType("AWS::Serverless::Function")
        .forEach(
            (id, function) -> {
              assertThat(function.at("/LoggingConfig/LogGroup").stringValue())
                  .isEqualTo("${" + id.replace("Function", "Logs") + "}");
              assertThat(function.at("/Tracing").stringValue()).isEqualTo("Active");
            });
    Stack.Resource pipeline = stack.resource("Pipeline");
    assertThat(pipeline.at("/Type").stringValue()).isEqualTo("STANDARD");
    assertThat(pipeline.at("/Tracing/Enabled").booleanValue()).isTrue();
    assertThat(pipeline.at("/Logging").toString()).contains("${PipelineLogs.Arn}", "ERROR");
  }

  @Test
  void theRuleTellsOnlyWhatARunCannotTellItself() {
    assertThat(stack.resource("StoppedRunRule").at("/EventPattern/detail").toString())
        .isEqualTo(
            "{\"status\":[\"TIMED_OUT\",\"ABORTED\"],\"stateMachineArn\":[\"${Pipeline}\"]}");
  }

  @Test
  void theDashboardIsJsonAndHasTheFourMetrics() {
    String body = stack.resource("Dashboard").at("/DashboardBody").stringValue();
    JsonNode widgets = JsonMapper.shared().readTree(body).path("widgets");
    assertThat(widgets).hasSize(10);
    assertThat(body).contains("cpu_utilization", "memory_usage", "disk_usage", "network_traffic");
  }

  @Test
  void theDashboardShowsOpenFindingsFirst() {
    String body = stack.resource("Dashboard").at("/DashboardBody").stringValue();
    JsonNode first = JsonMapper.shared().readTree(body).at("/widgets/0/properties");
    assertThat(first.path("title").stringValue()).isEqualTo("Open findings");
    assertThat(first.path("metrics").toString())
        .contains("OpenCriticalFindings", "OpenWarningFindings");
  }

  @Test
  void theDashboardsWidgetsDoNotOverlapAndStayFree() {
    String body = stack.resource("Dashboard").at("/DashboardBody").stringValue();
    Set<String> places = new TreeSet<>();
    Set<String> metrics = new TreeSet<>();
    int found = 0;
    for (JsonNode widget : JsonMapper.shared().readTree(body).path("widgets")) {
      assertThat(places.add(widget.path("x") + ":" + widget.path("y"))).as("%s", widget).isTrue();
      assertThat(widget.path("width").intValue()).isEqualTo(12);
      assertThat(widget.path("height").intValue()).isEqualTo(6);
      for (JsonNode metric : widget.at("/properties/metrics")) {
        String search = metric.at("/0/expression").asString("");
        if (search.isEmpty()) {
          metrics.add(metric.path(0) + " " + metric.path(1) + " " + metric.path(3));
        } else {
          assertThat(search).startsWith("SLICE(SORT(SEARCH('").endsWith("MAX, DESC), 0, 5)");
          found += 5;
        }
      }
    }
    assertThat(metrics.size() + found).isLessThanOrEqualTo(DASHBOARD_METRICS);
  }

  @Test
  void theScheduleStartsOneRunAnAttempt() {
    String input = stack.resource("PipelineSchedule").at("/Target/Input").stringValue();
    assertThat(JsonMapper.shared().readTree(input))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    "{\"StateMachineArn\":\"${Pipeline}\",\"Name\":\"<aws.scheduler.execution-id>\",\"Input\":\"{}\"}"));
  }

  @Test
  void onlyRawFilesAreProcessedSoThatQuarantineDoesNotLoop() {
    assertThat(stack.resource("RawFileRule").at("/EventPattern/detail/object/key").toString())
        .isEqualTo("[{\"prefix\":\"raw-metrics/\"}]");
  }

  @Test
  void whateverIsGivenUpGoesToTheDeadLetters() {
    for (String pointer :
        List.of(
            "RawFileRule /Targets/0/DeadLetterConfig/Arn",
            "StoppedRunRule /Targets/0/DeadLetterConfig/Arn",
            "PipelineSchedule /Target/DeadLetterConfig/Arn",
            "ProcessFunction /EventInvokeConfig/DestinationConfig/OnFailure/Destination")) {
      String[] parts = pointer.split(" ");
      assertThat(stack.resource(parts[0]).at(parts[1]).asString(""))
          .as(pointer)
          .isEqualTo("${DeadLetters.Arn}");
    }
  }

  @Test
  void savedQueriesReadADayMoreAndTakeEachObservationOnce() {
    Map<String, Stack.Resource> queries = stack.ofType("AWS::Athena::NamedQuery");
    assertThat(queries).hasSize(5);
    queries.forEach(
        (id, query) -> {
          String sql = query.at("/QueryString").stringValue();
          assertThat(sql)
              .as(id)
              .contains("nth = 1", "\"timestamp\" >= to_unixtime(", "FROM metrics")
              .containsPattern(
                  "PARTITION BY (metric_id|regexp_replace\\(metric_id, '#\\[\\^#]\\*\\$', ''\\))\\s+ORDER BY")
              // Athena cannot sort by a map, which is how it parts a window.
              .doesNotContainPattern("(PARTITION|ORDER) BY [^()]*\\bdimensions\\b");
          List<Integer> days = new ArrayList<>();
          Pattern.compile("INTERVAL '(\\d)' DAY")
              .matcher(sql)
              .results()
              .forEach((MatchResult found) -> days.add(Integer.valueOf(found.group(1))));
          assertThat(days).as(id).hasSize(3);
          assertThat(days.get(0)).as(id).isEqualTo(days.get(2) + 1);
          assertThat(days.get(1)).as(id).isEqualTo(1);
        });
  }

  @Test
  void acceptedLinesAreFoundByTheDayInTheirKeys() {
    Stack.Resource table = stack.resource("MetricsTable");
    assertThat(table.at("/TableInput/Parameters/storage.location.template").stringValue())
        .isEqualTo("s3://${Bucket}/accepted-metrics/${dt}/");
    assertThat(table.at("/TableInput/Parameters/projection.dt.format").stringValue())
        .isEqualTo("yyyy/MM/dd");
    assertThat(table.at("/TableInput/StorageDescriptor/Columns").toString())
        .contains("\"Name\":\"dimensions\",\"Type\":\"map<string,string>\"");
  }

  @Test
  void everyStatementOfARoleSaysWhichCallNeedsIt() throws IOException {
    List<String> lines = Files.readAllLines(FILE);
    List<String> silent = new ArrayList<>();
    int statements = 0;
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).contains("Sid:")) {
        continue;
      }
      statements++;
      String before = lines.get(i - 1).strip();
      boolean conditional = before.matches("- (Has|Is)\\w+");
      boolean anchored = before.startsWith("- &") || conditional;
      String comment = lines.get(anchored ? i - 2 : i - 1).strip();
      comment = conditional ? lines.get(i - 3).strip() : comment;
      if (!comment.startsWith("#") && !lines.get(i).contains("OnlyTls")) {
        silent.add(lines.get(i).strip());
      }
    }
    assertThat(statements).isGreaterThan(20);
    assertThat(silent).isEmpty();
  }

  @Test
  void nothingIsOfOneAccountRegionOrPartition() throws IOException {
    assertThat(List.of(Files.readString(FILE), definition))
        .allSatisfy(
            text ->
                assertThat(text)
                    .doesNotContainPattern("arn:aws:")
                    .doesNotContainPattern("\\d{12}[^}]")
                    .doesNotContainPattern("(eu|us)-[a-z]+-\\d"));
    assertThat(
            stack.resource("Pipeline").at("/DefinitionSubstitutions/PublishResource").stringValue())
        .isEqualTo("arn:aws:states:::sns:publish");
  }
}
