package io.inframetrics.sink.sns;

import io.inframetrics.metric.SeriesId;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.text.Texts;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A notification within the limits of SNS.
 *
 * @param text at most what {@link #MAX_BYTES} leaves beside subject and attributes
 * @param attributes those that SNS accepts
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html">Attributes</a>
 */
record SnsMessage(String subject, String text, SortedMap<String, String> attributes) {

  /** Bytes of a message with all parts of its attributes; to be safe, includes the subject. */
  static final int MAX_BYTES = 262_144;

  /** A message with more attributes does not reach subscriptions with raw delivery. */
  static final int MAX_ATTRIBUTES = 10;

  /**
   * Bytes of an attribute's value. SNS limits only the whole message; a longer value is of no use
   * as a filter, and would take space from the text.
   */
  static final int MAX_ATTRIBUTE_BYTES = 1_024;

  /** The attribute with the key of the whole report, if there is one. */
  static final String REPORT_KEY = "report_key";

  static final String ATTRIBUTE_TYPE = "String";

  private static final Logger LOG = LoggerFactory.getLogger(SnsMessage.class);

  private static final int MAX_ATTRIBUTE_NAME_LENGTH = 256;

  /** Words with single dots between them; the first must not be one that AWS reserves. */
  private static final Pattern ATTRIBUTE_NAME =
      Pattern.compile("(?!(?i:aws|amazon)[.])[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*");

  private static final int REPLACEMENT = 0xFFFD;

  SnsMessage {
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** A shortened text says that the whole report is in {@code reports}. */
  static SnsMessage of(Notification notification, String reports) {
    SortedMap<String, String> attributes = new TreeMap<>();
    notification
        .attributes()
        .forEach(
            (name, value) -> {
              if (isCarried(name, value) && attributes.size() < MAX_ATTRIBUTES) {
                attributes.put(name, value);
              } else {
                LOG.warn("attribute '{}' is left out: SNS would reject it", name);
              }
            });
    int room = MAX_BYTES - SeriesId.utf8Length(notification.subject());
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      room -=
          SeriesId.utf8Length(attribute.getKey())
              + ATTRIBUTE_TYPE.length()
              + SeriesId.utf8Length(attribute.getValue());
    }
    String text = cleaned(notification.message());
    String note =
        cleaned(
            "\n\n[Shortened: the message has %d bytes. See %s]"
                .formatted(
                    SeriesId.utf8Length(text),
                    reports + attributes.getOrDefault(REPORT_KEY, "reports/")));
    return new SnsMessage(notification.subject(), Texts.shortenBytes(text, room, note), attributes);
  }

  private static boolean isCarried(String name, String value) {
    return ATTRIBUTE_NAME.matcher(name).matches()
        && name.length() <= MAX_ATTRIBUTE_NAME_LENGTH
        && !value.isEmpty()
        && SeriesId.utf8Length(value) <= MAX_ATTRIBUTE_BYTES
        && value.codePoints().allMatch(SnsMessage::isCharacter);
  }

  private static String cleaned(String text) {
    if (text.codePoints().allMatch(SnsMessage::isCharacter)) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(isCharacter(c) ? c : REPLACEMENT));
    return clean.toString();
  }

  /**
   * Whether endpoints accept the character: those of XML 1.0, like SQS.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html">SendMessage</a>
   */
  private static boolean isCharacter(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= ' ' && c < Character.MIN_SURROGATE)
        || (c > Character.MAX_SURROGATE && c <= 0xFFFD)
        || c >= Character.MIN_SUPPLEMENTARY_CODE_POINT;
  }
}
