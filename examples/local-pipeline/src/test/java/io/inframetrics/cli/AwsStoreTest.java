package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.StandInAccount.Executed;
import io.inframetrics.testkit.aws.Published;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code --store aws}: the same run, with everything but the log and the run record on AWS. */
@Timeout(120)
class AwsStoreTest {

  private static StandInAccount account;

  @TempDir Path data;

  @BeforeAll
  static void open() {
    account = new StandInAccount();
  }

  @AfterAll
  static void close() {
    account.close();
  }

  @Test
  void aRunStoresOnAwsAndTellsTheTopic() throws IOException, InterruptedException {
    int before = account.others().published().size();
    Map<String, String> environment = account.environment("made-by-run", account.newTableName());
    environment.put("INFRAMETRICS_TOPIC_ARN", StandInAccount.TOPIC);
    environment.put("INFRAMETRICS_NAMESPACE", "Child");

    Executed run = child(environment, "run", "--store", "aws", "--create", "--source", "synthetic");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains("SUCCEEDED, HEALTHY", "s3://made-by-run", "at " + StandInAccount.TOPIC);
    assertThat(account.keys("made-by-run", "raw-metrics/"))
        .hasSize(4)
        .allMatch(key -> key.matches("raw-metrics/.*/metrics-[a-z_]+-\\d+\\.json"));
    assertThat(account.keys("made-by-run", "reports/")).isNotEmpty();
    assertThat(data.resolve("raw-metrics")).doesNotExist();
    List<Published> published = account.others().published();
    assertThat(published).hasSize(before + 1);
    assertThat(published.get(before).topicArn()).isEqualTo(StandInAccount.TOPIC);
    assertThat(published.get(before).attributeValues()).containsKey("run_id");
    assertThat(account.others().putMetricData())
        .anyMatch(request -> request.namespace().equals("Child"));
    assertThat(account.others().refused()).isEmpty();
  }

  /** The command as people start it: a process of its own, with variables of its own. */
  private Executed child(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Dinframetrics.home=" + StandInAccount.REPOSITORY);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--data", data.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.matches("(AWS|INFRAMETRICS)_.*"));
    builder.environment().putAll(environment);
    builder.environment().put("INFRAMETRICS_JAVA_OPTS", "-Xmx1g"); // The launcher's, not ours.
    // This machine's name, whatever the sources of the installation.
    builder.environment().put("INFRAMETRICS_COLLECTOR_HOST_INSTANCE_ID", "web-1");
    Path err = data.resolveSibling(data.getFileName() + ".err");
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Executed(process.waitFor(), out, Files.readString(err));
  }

  @Test
  void withoutATopicTheNotificationIsAFile() throws IOException {
    Map<String, String> environment =
        account.environment(account.newBucket(), account.newTableName());

    Executed run =
        StandInAccount.execute(
            environment, "run", "--store=aws", "--create", "--source=synthetic", "--data", data);

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out()).contains("notifications in the data folder");
    try (Stream<Path> letters = Files.list(data.resolve("notifications"))) {
      assertThat(letters).hasSize(1);
    }
  }

  @Test
  void aBucketAndATableThatAreNotThereAreNamed() {
    Executed run =
        StandInAccount.execute(
            account.environment("nobodys", "nobodys-either"),
            "run",
            "--store=aws",
            "--source=synthetic",
            "--data",
            data);

    assertThat(run.err())
        .isEqualTo(
            "inframetrics run: there is no bucket 'nobodys' (INFRAMETRICS_BUCKET) and no table"
                + " 'nobodys-either' (INFRAMETRICS_TABLE): check the names, deploy the"
                + " template, or use --create\n");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void variablesThatAreMissingAreAllNamed() {
    Map<String, String> environment = new HashMap<>(account.environment("a", "b"));
    environment.remove("INFRAMETRICS_BUCKET");
    environment.remove("INFRAMETRICS_TABLE");
    environment.put("INFRAMETRICS_PERIODE", "PT3H");

    Executed replay =
        StandInAccount.execute(environment, "replay", "--all", "--store=aws", "--data", data);

    assertThat(replay.err().lines()).hasSize(1);
    assertThat(replay.err())
        .contains("INFRAMETRICS_BUCKET is missing", "INFRAMETRICS_TABLE is missing", "PERIODE");
    assertThat(replay.exitCode()).isEqualTo(2);
  }

  @Test
  void quarantinedLinesAreReplayedOnAws() {
    String bucket = account.newBucket();
    Map<String, String> environment = account.environment(bucket, account.newTableName());
    String raw = "raw-metrics/2026/11/22/metrics-cpu_utilization-1795367472.json";
    account.put(
        bucket,
        "quarantine/" + raw,
        "{\"metric_type\":\"cpu_utilization\",\"timestamp\":1795367472,\"value\":1.5,"
            + "\"unit\":\"Percent\",\"instance_id\":\"i-1\"}\n");
    account.put(bucket, "quarantine/" + raw + ".reasons.json", "[]");

    Executed replay =
        StandInAccount.execute(
            environment, "replay", "--all", "--store=aws", "--create", "--data", data);

    assertThat(replay.exitCode()).as(replay.out() + replay.err()).isZero();
    assertThat(replay.out()).contains("1 line replayed as raw-metrics/");
    assertThat(account.keys(bucket, "raw-metrics/")).hasSize(1);
    assertThat(account.keys(bucket, "quarantine/raw-metrics/")).isEmpty();
  }
}
