/**
 * Notifications to an SNS topic.
 *
 * <pre>{@code
 * AwsClients clients = AwsClients.fromEnvironment(environment);
 * SnsClient client = clients.build("sns", SnsClient.builder());
 * Notifier notifier =
 *     new SnsNotifier(client, new SnsSettings(topicArn, "s3://my-bucket/"), calls);
 * notifier.send(
 *     Notification.of("Run run-1: DEGRADED", summary, Map.of("status", "DEGRADED")), deadline);
 * }</pre>
 *
 * <p>{@link io.inframetrics.sink.sns.SnsNotifier} keeps to SNS's limits: a long message is
 * shortened and says where the whole is, an attribute that SNS does not accept is left out.
 * Attributes become message attributes, for subscription filters.
 */
@NullMarked
package io.inframetrics.sink.sns;

import org.jspecify.annotations.NullMarked;
