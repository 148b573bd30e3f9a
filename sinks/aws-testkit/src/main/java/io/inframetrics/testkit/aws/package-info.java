/**
 * Stand-ins for AWS services, in process and on loopback, for tests of what talks to AWS through
 * the real SDK.
 *
 * <p>{@link io.inframetrics.testkit.aws.RecordingServer} stands for CloudWatch and SNS. It refuses
 * what the services would refuse, so a client that breaks a limit fails its test:
 *
 * <pre>{@code
 * try (RecordingServer server = RecordingServer.start(clock);
 *     AwsClients clients = AwsClients.fromEnvironment(server.environment())) {
 *   CloudWatchClient cloudWatch = clients.build("cloudwatch", CloudWatchClient.builder());
 *   publish(cloudWatch);
 *   assertThat(server.putMetricData()).hasSize(1);
 * }
 * }</pre>
 */
@NullMarked
package io.inframetrics.testkit.aws;

import org.jspecify.annotations.NullMarked;
