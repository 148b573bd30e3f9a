package io.inframetrics.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code replay-dead-letters} and {@code replay-quarantine}, with a command called aws that notes
 * what it is asked.
 */
@Timeout(60)
class ReplayCommandsTest {

  private static final String RAW_FILE =
      "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"raw-metrics/a.json\"}}}";

  private static final String GIVEN_BACK =
      "sqs change-message-visibility --queue-url https://queue --receipt-handle %s"
          + " --visibility-timeout 0";

  @TempDir Path folder;

  @BeforeEach
  void writeTheCommand() throws IOException, InterruptedException {
    assumeTrue(
        Stream.of("bash", "jq").allMatch(ReplayCommandsTest::isThere), "there are bash and jq");
    Path aws = folder.resolve("aws");
    Files.writeString(
        aws,
        """
        #!/usr/bin/env bash
        cd "$(dirname "$0")"
        case "$1 $2" in
          "cloudformation describe-stacks")
            [[ $* == *DeadLettersUrl* ]] && echo https://queue
            [[ $* == *ProcessAlias* ]] && echo arn:process:live
            [[ $* == *TopicArn* ]] && echo arn:topic
            [[ $* == *BucketName* ]] && echo bucket
            exit 0 ;;
          "sqs receive-message")
            [ -e queue-refuses ] && { echo "An error occurred (AccessDenied)" >&2; exit 254; }
            next=$(ls message-* 2>/dev/null | head -1)
            [ -z "$next" ] && exit 0
            cat "$next"; rm "$next" ;;
          "lambda invoke")
            for argument; do
              [[ $argument == fileb://* ]] && echo "--payload $(cat "${argument#fileb://}")" >> calls
            done
            echo '{"errorMessage":"no such object"}' > "${@: -1}"
            [ -e process-fails ] && echo Unhandled || echo None ;;
          "stepfunctions start-execution")
            echo "$*" >> calls
            [ -e run-exists ] && { echo "An error occurred (ExecutionAlreadyExists)" >&2; exit 254; }
            echo started ;;
          *) echo "$*" >> calls ;;
        esac
        """);
    Files.setPosixFilePermissions(aws, PosixFilePermissions.fromString("rwx------"));
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

  private void letter(int number, String body) throws IOException {
    ObjectNode message = JsonMapper.shared().createObjectNode();
    message.putArray("Messages").addObject().put("Body", body).put("ReceiptHandle", "r" + number);
    Files.writeString(folder.resolve("message-" + number), message.toString());
  }

  private String replay(int exitCode, String... arguments)
      throws IOException, InterruptedException {
    return run("replay-dead-letters", exitCode, arguments);
  }

  private String run(String script, int exitCode, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of("bash", Path.of(script).toAbsolutePath().toString(), "mine"),
                Stream.of(arguments))
            .toList();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", folder.toString(), (old, own) -> own + ":" + old);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(exitCode);
    return said;
  }

  private String calls() throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Files.readString(calls) : "";
  }

  @Test
  void knowsEveryFormThatALetterHas() throws IOException, InterruptedException {
    letter(1, RAW_FILE);
    letter(
        2,
        "{\"requestContext\":{\"condition\":\"RetriesExhausted\"},\"requestPayload\":"
            + RAW_FILE
            + "}");
    letter(3, "{\"StateMachineArn\":\"arn:pipeline\",\"Name\":\"d32c5k\",\"Input\":\"{}\"}");
    letter(
        4,
        "{\"detail-type\":\"Step Functions Execution Status Change\",\"detail\":{\"name\":\"run-1\",\"status\":\"TIMED_OUT\"}}");

    assertThat(replay(0)).contains("4 sent again, 0 left");
    assertThat(calls())
        .containsSubsequence("--payload " + RAW_FILE, "--receipt-handle r1")
        .containsSubsequence("--receipt-handle r1", "--payload " + RAW_FILE, "--receipt-handle r2")
        .containsSubsequence(
            "--state-machine-arn arn:pipeline --name d32c5k --input {}", "--receipt-handle r3")
        .containsSubsequence("Run run-1 ended as TIMED_OUT", "--receipt-handle r4");
  }

  @Test
  void keepsWhatFailsAgain() throws IOException, InterruptedException {
    Files.createFile(folder.resolve("process-fails"));
    letter(1, RAW_FILE);
    letter(2, "no JSON");

    assertThat(replay(1))
        .contains("no such object", "unknown kind of message", "0 sent again, 2 left");
    assertThat(calls())
        .doesNotContain("delete-message")
        .contains(GIVEN_BACK.formatted("r1"), GIVEN_BACK.formatted("r2"));
  }

  @Test
  void takesARunThatIsThereForStarted() throws IOException, InterruptedException {
    Files.createFile(folder.resolve("run-exists"));
    letter(1, "{\"StateMachineArn\":\"arn:pipeline\",\"Name\":\"d32c5k\"}");

    assertThat(replay(0)).contains("1 sent again");
    assertThat(calls()).contains("--receipt-handle r1");
  }

  @Test
  void onlyListsWhenAskedTo() throws IOException, InterruptedException {
    letter(1, RAW_FILE);

    assertThat(replay(0, "--list")).contains("raw-file: \"raw-metrics/a.json\"", "1 left");
    assertThat(calls()).isEqualToIgnoringNewLines(GIVEN_BACK.formatted("r1"));
  }

  @Test
  void aQueueThatCannotBeReadIsNotAnEmptyOne() throws IOException, InterruptedException {
    Files.createFile(folder.resolve("queue-refuses"));
    letter(1, RAW_FILE);

    assertThat(replay(254)).contains("AccessDenied").doesNotContain("sent again");
    assertThat(calls()).isEmpty();
  }

  @Test
  void quarantinedLinesBecomeARawFileOfTheirOwn() throws IOException, InterruptedException {
    String entry = "quarantine/raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json";
    Path mended = Files.writeString(folder.resolve("mended"), "{}\n");

    String said = run("replay-quarantine", 0, entry, mended.toString());

    String key = "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463";
    assertThat(said).contains(entry + " replayed as " + key + "-rca3d163b.json");
    assertThat(calls())
        .containsSubsequence(
            mended + " s3://bucket/" + key + "-rca3d163b.json",
            "mv --only-show-errors s3://bucket/"
                + entry
                + " s3://bucket/quarantine/replayed/"
                + key,
            entry + ".reasons.json s3://bucket/quarantine/replayed/" + key + ".json.reasons.json");
  }

  @Test
  void whatIsNotInQuarantineIsRefused() throws IOException, InterruptedException {
    assertThat(run("replay-quarantine", 2, "raw-metrics/a.json"))
        .contains("is not a quarantine entry");
    assertThat(run("replay-quarantine", 2, "quarantine/raw-metrics/a.json.reasons.json"))
        .contains("give the key of the lines");
    assertThat(calls()).isEmpty();
  }
}
