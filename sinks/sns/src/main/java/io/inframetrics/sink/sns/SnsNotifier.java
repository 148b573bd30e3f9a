package io.inframetrics.sink.sns;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsFailures;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.time.Deadline;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;

/**
 * Notifies the subscribers of an SNS topic, at least once. A message never fails because of its
 * size: one longer than 256 KiB is cut at a character boundary and says where the whole is, the
 * object named by attribute {@value SnsMessage#REPORT_KEY} or else the report store. Attributes
 * that SNS does not accept, and those after the tenth in the order of their names, are left out and
 * logged; characters that it does not accept become U+FFFD.
 *
 * <p>Thread-safe.
 */
public final class SnsNotifier implements Notifier {

  private static final String OPERATION = "sns:Publish";

  private final SnsClient client;
  private final SnsSettings settings;
  private final AwsCalls calls;

  /**
   * A notifier with this client, for the topic of the settings.
   *
   * @param client the caller closes it; its own retries must be off
   * @param calls retries temporary failures
   */
  public SnsNotifier(SnsClient client, SnsSettings settings, AwsCalls calls) {
    this.client = client;
    this.settings = settings;
    this.calls = calls;
  }

  /**
   * Publishes one message to the topic.
   *
   * @throws io.inframetrics.pipeline.RetryableFailureException if a later try may succeed
   * @throws io.inframetrics.aws.AwsCallRefusedException if it cannot: the topic is gone or {@code
   *     sns:Publish} is not allowed
   */
  @Override
  public WriteResult send(Notification notification, Deadline deadline) {
    SnsMessage message = SnsMessage.of(notification, settings.reports());
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    message
        .attributes()
        .forEach(
            (name, value) ->
                attributes.put(
                    name,
                    MessageAttributeValue.builder()
                        .dataType(SnsMessage.ATTRIBUTE_TYPE)
                        .stringValue(value)
                        .build()));
    try {
      calls.call(
          OPERATION,
          deadline,
          limits ->
              client.publish(
                  PublishRequest.builder()
                      .topicArn(settings.topicArn())
                      .subject(message.subject())
                      .message(message.text())
                      .messageAttributes(attributes)
                      .overrideConfiguration(limits)
                      .build()));
    } catch (SdkException e) {
      throw AwsFailures.refusal("%s to %s".formatted(OPERATION, settings.topicArn()), e);
    }
    return WriteResult.written(1);
  }
}
