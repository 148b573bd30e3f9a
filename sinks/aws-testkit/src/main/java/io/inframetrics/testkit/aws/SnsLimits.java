package io.inframetrics.testkit.aws;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SNS's limits, written from its documentation alone. More than ten attributes are rejected,
 * although the topic accepts them: subscriptions with raw delivery would drop the message.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html">Attributes</a>
 */
final class SnsLimits {

  private static final int SUBJECT_LENGTH = 99;
  private static final int BYTES = 262_144;
  private static final int ATTRIBUTES = 10;
  private static final Pattern ARN = Pattern.compile("arn:[^:]+:sns:[^:]+:\\d{12}:.+");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,256}");
  private static final Pattern RESERVED =
      Pattern.compile("(aws|amazon)\\..*", Pattern.CASE_INSENSITIVE);

  private SnsLimits() {}

  static void check(Published message) {
    must(ARN.matcher(message.topicArn()).matches(), "TopicArn", message.topicArn());
    String subject = message.subject();
    must(
        subject == null
            || (!subject.isBlank()
                && subject.length() <= SUBJECT_LENGTH
                && subject.chars().allMatch(c -> c >= ' ' && c <= '~')),
        "Subject",
        subject);
    must(!message.message().isEmpty(), "Message", "empty");
    must(
        message.message().codePoints().allMatch(SnsLimits::isCharacter),
        "Message",
        "invalid characters");
    must(
        message.attributes().size() <= ATTRIBUTES,
        "MessageAttributes",
        message.attributes().size());
    int bytes = utf8(message.message()) + (subject == null ? 0 : utf8(subject));
    for (var entry : message.attributes().entrySet()) {
      String name = entry.getKey();
      must(
          NAME.matcher(name).matches()
              && !RESERVED.matcher(name).matches()
              && !name.startsWith(".")
              && !name.endsWith(".")
              && !name.contains(".."),
          "MessageAttributes",
          name);
      must(entry.getValue().type().equals("String"), "DataType", entry.getValue().type());
      String value = entry.getValue().value();
      must(
          !value.isEmpty() && value.codePoints().allMatch(SnsLimits::isCharacter),
          "StringValue of " + name,
          value);
      bytes += utf8(name) + utf8(entry.getValue().type()) + utf8(value);
    }
    must(bytes <= BYTES, "Message too long", bytes);
  }

  /** Whether XML and SQS can carry it. */
  private static boolean isCharacter(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= ' ' && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void must(boolean holds, String parameter, @Nullable Object value) {
    RefusedException.unless(
        holds, "InvalidParameter", "Invalid parameter: %s: %s", parameter, value);
  }
}
