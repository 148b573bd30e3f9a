package io.inframetrics.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code verify-stack} with a command called aws in which everything is well, but for what a test
 * breaks by a file of that name.
 */
@Timeout(60)
class VerifyStackTest {

  private static final String AWS =
      """
      #!/usr/bin/env bash
      cd "$(dirname "$0")"
      echo "$*" >> calls
      case "$1 $2" in
        "cloudformation describe-stacks")
          [ -e no-stack ] && { echo "Stack with id mine does not exist" >&2; exit 254; }
          [ -e old-stack ] && { echo '{"Stacks":[{"Outputs":[{"OutputKey":"BucketName","OutputValue":"bucket"}]}]}'; exit 0; }
          policy=fleet; [ -e instance-metrics ] && policy=instance
          echo '{"Stacks":[{"Outputs":[
            {"OutputKey":"PipelineArn","OutputValue":"arn:pipeline"},{"OutputKey":"BucketName","OutputValue":"bucket"},
            {"OutputKey":"TableName","OutputValue":"table"},{"OutputKey":"TopicArn","OutputValue":"arn:alarms"},
            {"OutputKey":"ReportTopicArn","OutputValue":"arn:reports"}],
            "Parameters":[{"ParameterKey":"MetricNamespace","ParameterValue":"InfraMetrics"},
            {"ParameterKey":"DimensionPolicy","ParameterValue":"'$policy'"}]}]}' ;;
        "stepfunctions start-execution")
          [ -e no-start ] && { echo "AccessDenied" >&2; exit 254; }
          echo "arn:execution:verify-1" ;;
        "stepfunctions describe-execution")
          if [ ! -e looked ]; then touch looked; echo '{"status":"RUNNING"}'; exit 0; fi
          [ -e run-fails ] && { echo '{"status":"FAILED","error":"PipelineUnhealthy","cause":"nothing"}'; exit 0; }
          cat execution.json ;;
        "s3api head-object")
          for argument; do [ -e "missing-${argument//\\//_}" ] && exit 254; done
          echo '{}' ;;
        "s3 cp")
          printf '%s\\n' '{"metric_id":"cpu_utilization#i-1#1771500463"}' '{"metric_id":"cpu_utilization#i-2#1771500463"}' ;;
        "dynamodb query")
          [ -e no-records ] && echo 0 || echo 1 ;;
        "cloudwatch get-metric-statistics")
          count=100; [ -e measured ] && [ ! -e no-points ] && count=105; touch measured
          echo '{"Datapoints":[{"SampleCount":'$count'.0}]}' ;;
        "sns list-subscriptions-by-topic")
          if [ -e nobody ]; then echo '{"Subscriptions":[]}'
          elif [ -e unconfirmed ] && [[ $* == *reports* ]]; then echo '{"Subscriptions":[{"SubscriptionArn":"PendingConfirmation"}]}'
          else echo '{"Subscriptions":[{"SubscriptionArn":"arn:aws:sns:x"},{"SubscriptionArn":"PendingConfirmation"}]}'; fi ;;
        *) echo "unexpected: $*" >&2; exit 2 ;;
      esac
      """;

  private static final String OUTPUT =
      """
      {"collections":[
        {"metric_type":"cpu_utilization","status":"COLLECTED","objects":[{"key":"raw/cpu"}],"sink_failures":[]},
        {"metric_type":"memory_usage","status":"COLLECTED","objects":[{"key":"raw/memory"}],"sink_failures":[]},
        {"metric_type":"disk_usage","status":"COLLECTED","objects":[{"key":"raw/disk"}],"sink_failures":[]},
        {"metric_type":"network_traffic","status":"COLLECTED","objects":[{"key":"raw/network"}],"sink_failures":[]}],
       "health":{"status":"HEALTHY","expected":4,"processed":4,"subject":"InfraMetrics HEALTHY"},
       "analyses":[{"analysis":"anomalies","report_key":"reports/a"},{"analysis":"forecast","report_key":"reports/f"}],
       "report":{"report_key":"reports/r","subject":"InfraMetrics HEALTHY"},
       "notification":{"message_id":"m"}}
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeTheCommand() throws IOException {
    assumeTrue(Stream.of("bash", "jq").allMatch(VerifyStackTest::isThere), "there are bash and jq");
    Path aws = Files.writeString(folder.resolve("aws"), AWS);
    Files.setPosixFilePermissions(aws, PosixFilePermissions.fromString("rwx------"));
    output(OUTPUT);
  }

  private void output(String output) throws IOException {
    String text = output.replace("\n", "").replace("\"", "\\\"");
    Files.writeString(
        folder.resolve("execution.json"), "{\"status\":\"SUCCEEDED\",\"output\":\"" + text + "\"}");
  }

  private static boolean isThere(String command) {
    try {
      Process process = new ProcessBuilder(command, "--version").redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String verify(int exitCode, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bash", Path.of("verify-stack").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", folder.toString(), (old, own) -> own + ":" + old);
    builder.environment().put("VERIFY_PAUSE", "0");
    builder.environment().put("VERIFY_LOOKS", "2");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(exitCode);
    return said;
  }

  @Test
  void aStackThatKeepsItsPromisesHasALineForEach() throws IOException, InterruptedException {
    assertThat(verify(0, "mine"))
        .isEqualTo(
            """
            ok      run: HEALTHY, verify-1
            ok      raw files: 4 in s3://bucket/raw-metrics/
            ok      processed marks: 4 of 4 files
            ok      records: 1 of cpu_utilization#i-1 in table, written by this run
            ok      data points: 5 more of cpu_utilization in InfraMetrics
            ok      analysis anomalies: reports/a
            ok      analysis forecast: reports/f
            ok      analysis report: reports/r
            ok      notification: InfraMetrics HEALTHY
            ok      reports: 1 confirmed subscription(s)
            ok      alarms: 1 confirmed subscription(s)
            """);
    assertThat(Files.readString(folder.resolve("calls")))
        .contains("start-execution --state-machine-arn arn:pipeline --name verify-")
        .contains("{\":series\":{\"S\":\"cpu_utilization#i-1\"},\":run\":{\"S\":\"verify-1\"}}")
        .contains("--namespace InfraMetrics --metric-name cpu_utilization")
        .contains("Name=Stack,Value=mine");
  }

  @Test
  void everyPromiseThatIsBrokenHasALineWithTheFix() throws IOException, InterruptedException {
    breaks("missing-raw_disk", "no-records", "no-points", "missing-reports_f", "unconfirmed");

    assertThat(verify(1, "mine"))
        .contains("NOT OK  raw files: 3 of 4, not in the bucket: raw/disk\n        fix: ")
        .contains("read the log group /aws/lambda/mine-collect")
        .contains("NOT OK  records: none of cpu_utilization#i-1 in table that this run wrote\n")
        .contains("the role needs dynamodb:BatchWriteItem")
        .contains("NOT OK  data points: no more of cpu_utilization in InfraMetrics than before")
        .contains("needs cloudwatch:PutMetricData for the namespace InfraMetrics")
        .contains("NOT OK  analysis forecast: no report at reports/f\n")
        .contains("read the log group /aws/lambda/mine-analyze")
        .contains("NOT OK  reports: 1 subscription(s), none of them confirmed\n")
        .contains("Subscription Confirmation");
  }

  private void breaks(String... broken) throws IOException {
    for (String file : broken) {
      Files.createFile(folder.resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run-fails | run: FAILED: PipelineUnhealthy: nothing      | read the execution arn:execution:verify-1
          no-start  | run: could not be started                    | states:StartExecution
          no-stack  | stack: 'mine' cannot be described            | check the name, the region
          old-stack | stack: 'mine' lacks outputs of this template | sam deploy
          """)
  void whatEndsTheCheckHasALineWithTheFix(String broken, String line, String fix)
      throws IOException, InterruptedException {
    breaks(broken, "nobody");

    String said = verify(1, "mine");

    assertThat(said).contains("NOT OK  " + line).contains("        fix: ").contains(fix);
    if (broken.equals("run-fails")) {
      assertThat(said)
          .contains("NOT OK  alarms: nobody is subscribed")
          .contains("deploy with NotificationEmail=");
    }
  }

  @Test
  void whatTheRunItselfAnswersIsCheckedToo() throws IOException, InterruptedException {
    output(
        OUTPUT
            .replace("\"HEALTHY\"", "\"DEGRADED\"")
            .replace("\"processed\":4", "\"processed\":3")
            .replace("\"report_key\":\"reports/r\"", "\"report_key\":\"\"")
            .replace("\"message_id\":\"m\"", "\"message_id\":\"\"")
            .replace(
                "\"status\":\"COLLECTED\",\"objects\":[{\"key\":\"raw/disk\"}],\"sink_failures\":[]",
                "\"status\":\"FAILED\",\"error\":{}")
            .replace(
                "\"sink_failures\":[]",
                "\"sink_failures\":[{\"sink\":\"data_points\",\"reason\":\"not allowed\"}]"));

    assertThat(verify(1, "mine"))
        .contains("NOT OK  run: DEGRADED")
        .contains("NOT OK  raw files: 3 of 4, failed: disk_usage")
        .contains("NOT OK  processed marks: 3 of 4 files")
        .contains("NOT OK  data points: not allowed")
        .contains("NOT OK  analysis report: no report")
        .contains("NOT OK  notification: not sent");
  }

  @Test
  void aMetricForEachSeriesIsNotLookedForInTheFleet() throws IOException, InterruptedException {
    breaks("instance-metrics", "no-points");
    assertThat(verify(0, "mine")).contains("ok      data points: CloudWatch accepted them");
  }

  @Test
  void withoutAStackItSaysHowToCallIt() throws IOException, InterruptedException {
    assertThat(verify(2)).isEqualTo("usage: verify-stack STACK\n");
  }
}
