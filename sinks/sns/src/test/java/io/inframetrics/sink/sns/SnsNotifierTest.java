package io.inframetrics.sink.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.aws.AwsCallRefusedException;
import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.Published;
import io.inframetrics.testkit.aws.RecordingServer;
import io.inframetrics.testkit.aws.ServiceFault;
import io.inframetrics.testkit.contract.NotifierContract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.SnsClient;

/** The port's contract and what is SNS's own, through the SDK. */
class SnsNotifierTest extends NotifierContract {

  private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts";
  private static final int EMPTY = "subject".length();

  private final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());
  private final RecordingServer server = RecordingServer.start(clock);
  private final AwsClients clients = AwsClients.fromEnvironment(server.environment());
  private final SnsClient client = clients.build("sns", SnsClient.builder());
  private final Notifier notifier =
      new SnsNotifier(
          client,
          new SnsSettings(TOPIC, "s3://my-bucket/"),
          new AwsCalls(CallSettings.DEFAULTS, new Random(1), clock::advance));

  @AfterEach
  void theServiceHadNothingToRefuse() {
    assertThat(server.refused()).isEmpty();
    client.close();
    clients.close();
    server.close();
  }

  @Override
  protected Notifier notifier() {
    return notifier;
  }

  @Override
  protected List<Notification> arrived() {
    return server.published().stream()
        .map(
            message ->
                Notification.of(
                    Objects.requireNonNull(message.subject()),
                    message.message(),
                    message.attributeValues()))
        .toList();
  }

  @Test
  void goesToTheTopicWithStringAttributes() {
    send("message", Map.of("status", "DEGRADED"));

    Published published = last();
    assertThat(published.topicArn()).isEqualTo(TOPIC);
    assertThat(published.attributes())
        .isEqualTo(Map.of("status", new Published.Attribute("String", "DEGRADED")));
  }

  @Test
  void aMessageOfTheLongestLengthIsNotTouched() {
    String longest = "x".repeat(SnsMessage.MAX_BYTES - EMPTY);

    send(longest, Map.of());

    assertThat(last().message()).isEqualTo(longest);
  }

  @Test
  void oneByteMoreAndItIsShortenedAndPointsToTheReports() {
    send("x".repeat(SnsMessage.MAX_BYTES - EMPTY + 1), Map.of());

    assertThat(last().message())
        .startsWith("xxx")
        .endsWith("\n\n[Shortened: the message has 262138 bytes. See s3://my-bucket/reports/]");
    assertThat(bytes(last())).isEqualTo(SnsMessage.MAX_BYTES);
  }

  @Test
  void thePointerNamesTheReportIfThereIsOne() {
    send("x".repeat(300_000), Map.of("report_key", "reports/run-1.json"));

    assertThat(last().message()).endsWith("See s3://my-bucket/reports/run-1.json]");
    assertThat(bytes(last())).isEqualTo(SnsMessage.MAX_BYTES);
  }

  @Test
  void attributesTakeOfTheRoom() {
    String message = "x".repeat(SnsMessage.MAX_BYTES - EMPTY);

    send(message, Map.of("status", "OK"));

    assertThat(last().message()).contains("[Shortened");
    assertThat(bytes(last())).isEqualTo(SnsMessage.MAX_BYTES);
  }

  @Test
  void aCharacterIsNotCutInTwo() {
    for (String character : List.of("é", "東", "\uD83D\uDE80")) {
      for (String shift : List.of("", "a", "ab", "abc")) {
        send(shift + character.repeat(200_000), Map.of());

        String text = last().message();
        assertThat(text.substring(0, text.indexOf("\n\n[Shortened")))
            .startsWith(shift + character)
            .endsWith(character);
        assertThat(bytes(last())).isBetween(SnsMessage.MAX_BYTES - 3, SnsMessage.MAX_BYTES);
      }
    }
  }

  @Test
  void whatCannotBeSentBecomesTheReplacementCharacter() {
    send("a\u0000b\uD800c\uFFFEd\te\r\n", Map.of());

    assertThat(last().message()).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\te\r\n");
  }

  @Test
  void attributesThatCannotBeSentAreLeftOut() {
    send(
        "message",
        Map.of(
            "ok.A-_9",
            "v",
            "",
            "v",
            "with space",
            "v",
            "größe",
            "v",
            "AWS.x",
            "v",
            "amazon.x",
            "v",
            ".a",
            "v",
            "a.",
            "v",
            "a..b",
            "v",
            "empty",
            ""));

    assertThat(last().attributeValues()).isEqualTo(Map.of("ok.A-_9", "v"));
  }

  @Test
  void attributesHaveNamesOf256CharactersAndValuesOfAKilobyte() {
    send("message", Map.of("n".repeat(256), "v".repeat(1_024)));
    assertThat(last().attributes()).hasSize(1);

    send("message", Map.of("n".repeat(257), "v", "m", "v".repeat(1_025)));
    assertThat(last().attributes()).isEmpty();
  }

  @Test
  void tenAttributesAreSentAndTheEleventhIsNot() {
    Map<String, String> attributes = new TreeMap<>();
    for (int i = 10; i < 20; i++) {
      attributes.put("a" + i, "v");
    }
    send("message", attributes);
    assertThat(last().attributeValues()).isEqualTo(attributes);

    send("message", withOneMore(attributes));
    assertThat(last().attributeValues()).isEqualTo(attributes);
  }

  @Test
  void anyNotificationFits() {
    Random random = new Random(3);
    for (int round = 0; round < 60; round++) {
      Map<String, String> attributes = new TreeMap<>();
      for (int i = random.nextInt(15); i > 0; i--) {
        attributes.put(text(random, 20), text(random, random.nextBoolean() ? 20 : 2_000));
      }
      send("m" + text(random, random.nextBoolean() ? 100 : 200_000), attributes);
    }

    assertThat(server.published()).hasSize(60);
  }

  @Test
  void aThrottleIsTriedAgain() {
    server.failNext(2, ServiceFault.THROTTLED);

    send("message", Map.of());

    assertThat(server.calls()).isEqualTo(3);
    assertThat(server.published()).hasSize(1);
  }

  @Test
  void whatLastsIsSaidToBeRetryable() {
    server.failNext(100, ServiceFault.BROKEN);

    assertThatThrownBy(() -> send("message", Map.of()))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("sns:Publish");
  }

  @Test
  void whatCannotHealIsNotTriedAgain() {
    server.failNext(1, ServiceFault.DENIED);

    assertThatThrownBy(() -> send("message", Map.of()))
        .isInstanceOf(AwsCallRefusedException.class)
        .hasMessageStartingWith("sns:Publish to " + TOPIC + " was rejected")
        .hasMessageContaining("not authorized");
    assertThat(server.calls()).isEqualTo(1);
  }

  @Test
  void aTopicIsAStandardOne() {
    for (String wrong : List.of("", "alerts", TOPIC + ".fifo", "arn:aws:sqs:eu-west-1:1:alerts")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new SnsSettings(wrong, "s3://my-bucket/"))
          .withMessageStartingWith("topic '" + wrong + "' is not valid");
    }
  }

  @Test
  void thePlaceOfReportsHas1024Characters() {
    assertThat(new SnsSettings(TOPIC, "r".repeat(1_024)).reports()).hasSize(1_024);
    for (String wrong : List.of("", " ", "r".repeat(1_025))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new SnsSettings(TOPIC, wrong));
    }
  }

  private static Map<String, String> withOneMore(Map<String, String> attributes) {
    Map<String, String> more = new TreeMap<>(attributes);
    more.put("z", "v");
    return more;
  }

  private static String text(Random random, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest); i > 0; i--) {
      text.appendCodePoint(
          random.nextInt(3) > 0 ? 'a' + random.nextInt(26) : random.nextInt(0x110000));
    }
    return text.toString();
  }

  private void send(String message, Map<String, String> attributes) {
    WriteResult result =
        notifier.send(Notification.of("subject", message, attributes), Deadlines.never());
    assertThat(result).isEqualTo(WriteResult.written(1));
  }

  private Published last() {
    List<Published> published = server.published();
    return published.get(published.size() - 1);
  }

  private static int bytes(Published message) {
    int bytes = utf8(message.message()) + utf8(Objects.requireNonNull(message.subject()));
    for (var attribute : message.attributes().entrySet()) {
      bytes += utf8(attribute.getKey()) + 6 + utf8(attribute.getValue().value());
    }
    return bytes;
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
