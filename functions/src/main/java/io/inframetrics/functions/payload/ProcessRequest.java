package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to {@code process}: any of an S3 notification ({@code Records[].s3}), an EventBridge
 * event of S3 ({@code detail}), or SQS messages that hold either ({@code Records[].body}).
 *
 * @param records of a notification or of a queue
 * @param detailType {@code Object Created} in an EventBridge event
 * @param detail of an EventBridge event
 * @param event {@code s3:TestEvent} in the message that S3 sends when notifications are set up
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html">S3
 *     event message structure</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html">EventBridge
 *     event message structure</a>
 */
public record ProcessRequest(
    @JsonProperty("Records") @Nullable List<EventRecord> records,
    @JsonProperty("detail-type") @Nullable String detailType,
    @JsonProperty("detail") @Nullable Detail detail,
    @JsonProperty("Event") @Nullable String event) {

  /**
   * A record of a notification, or a message of a queue.
   *
   * @param eventName such as {@code ObjectCreated:Put}
   * @param body of the message: a notification or an event as JSON text
   */
  public record EventRecord(
      @JsonProperty("eventName") @Nullable String eventName,
      @JsonProperty("s3") @Nullable Detail s3,
      @JsonProperty("messageId") @Nullable String messageId,
      @JsonProperty("body") @Nullable String body) {}

  public record Detail(@JsonProperty("object") @Nullable S3Object object) {}

  /** The key is form-URL-encoded in a notification, but not in an EventBridge event. */
  public record S3Object(@JsonProperty("key") @Nullable String key) {}
}
