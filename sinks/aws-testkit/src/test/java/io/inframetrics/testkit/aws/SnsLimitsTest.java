package io.inframetrics.testkit.aws;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.testkit.aws.Published.Attribute;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** At each limit and one past it. */
class SnsLimitsTest {

  private static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts";

  @Test
  void aSubjectHas99PrintableAsciiCharacters() {
    assertTaken(message("s".repeat(99), "m", Map.of()));
    for (String wrong : List.of("s".repeat(100), " ", "a\nb", "é")) {
      assertRefused(message(wrong, "m", Map.of()), "Subject");
    }
  }

  @Test
  void aMessageHas256KibibytesWithItsAttributes() {
    assertTaken(message("s", "m".repeat(262_143), Map.of()));
    assertRefused(message("s", "m".repeat(262_144), Map.of()), "too long");
    assertTaken(message("s", "m".repeat(262_143 - 8), Map.of("n", "v")));
    assertRefused(message("s", "m".repeat(262_144 - 8), Map.of("n", "v")), "too long");
    assertRefused(message("s", "é".repeat(131_072), Map.of()), "too long");
    assertRefused(message("s", "", Map.of()), "Message");
    assertRefused(message("s", "\u0000", Map.of()), "characters");
  }

  @Test
  void attributesAreNamedWithinTheAlphabet() {
    assertTaken(message("s", "m", Map.of("n".repeat(256), "v")));
    for (String wrong :
        List.of("n".repeat(257), "a b", "é", "AWS.a", "Amazon.a", ".a", "a.", "a..b")) {
      assertRefused(message("s", "m", Map.of(wrong, "v")), "MessageAttributes");
    }
    assertRefused(message("s", "m", Map.of("n", "")), "StringValue");
  }

  @Test
  void tenAttributesReachEverybody() {
    Map<String, String> attributes = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      attributes.put("n" + i, "v");
    }
    assertTaken(message("s", "m", attributes));
    attributes.put("n10", "v");
    assertRefused(message("s", "m", attributes), "MessageAttributes");
  }

  @Test
  void aTopicHasAnArn() {
    assertRefused(new Published("alerts", "s", "m", new TreeMap<>()), "TopicArn");
  }

  private static Published message(String subject, String message, Map<String, String> attributes) {
    TreeMap<String, Attribute> typed = new TreeMap<>();
    attributes.forEach((name, value) -> typed.put(name, new Attribute("String", value)));
    return new Published(TOPIC, subject, message, typed);
  }

  private static void assertTaken(Published message) {
    assertThatCode(() -> SnsLimits.check(message)).doesNotThrowAnyException();
  }

  private static void assertRefused(Published message, String because) {
    assertThatThrownBy(() -> SnsLimits.check(message))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(because);
  }
}
