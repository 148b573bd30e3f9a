package io.inframetrics.testkit.aws;

import io.inframetrics.testkit.aws.Published.Attribute;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Bodies of SNS's protocol, AWS query. */
final class SnsCodec {

  /** The answer about any topic. */
  static final byte[] ATTRIBUTES =
      ("<GetTopicAttributesResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">"
              + "<GetTopicAttributesResult><Attributes/></GetTopicAttributesResult>"
              + "</GetTopicAttributesResponse>")
          .getBytes(StandardCharsets.UTF_8);

  private SnsCodec() {}

  static boolean isAttributes(byte[] body) {
    return form(body).getOrDefault("Action", "").equals("GetTopicAttributes");
  }

  static Published request(Map<String, String> form) {
    RefusedException.unless(
        "Publish".equals(form.get("Action")),
        "InvalidAction",
        "The action %s is not valid for this endpoint",
        form.get("Action"));
    Map<String, Attribute> attributes = new HashMap<>();
    for (int i = 1; ; i++) {
      String entry = "MessageAttributes.entry." + i;
      String name = form.get(entry + ".Name");
      if (name == null) {
        break;
      }
      attributes.put(
          name,
          new Attribute(
              form.getOrDefault(entry + ".Value.DataType", ""),
              form.getOrDefault(entry + ".Value.StringValue", "")));
    }
    return new Published(
        form.getOrDefault("TopicArn", ""),
        form.get("Subject"),
        form.getOrDefault("Message", ""),
        new TreeMap<>(attributes));
  }

  static Map<String, String> form(byte[] body) {
    Map<String, String> form = new HashMap<>();
    for (String pair : new String(body, StandardCharsets.US_ASCII).split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        form.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return form;
  }

  static byte[] published(String messageId) {
    return ("<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult>"
            + "<MessageId>"
            + messageId
            + "</MessageId></PublishResult><ResponseMetadata><RequestId>"
            + messageId
            + "</RequestId></ResponseMetadata></PublishResponse>")
        .getBytes(StandardCharsets.UTF_8);
  }

  static byte[] fault(ServiceFault fault) {
    return ("<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>"
            + fault.side()
            + "</Type><Code>"
            + fault.code()
            + "</Code><Message>"
            + fault.message().replace("&", "&amp;").replace("<", "&lt;")
            + "</Message></Error><RequestId>refused</RequestId></ErrorResponse>")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
