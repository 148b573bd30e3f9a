/**
 * Stand-ins for AWS on loopback, for tests of code that calls AWS through the real SDK, and a proxy
 * that breaks the way to them.
 *
 * <p>{@link io.inframetrics.testkit.aws.EmbeddedS3} is a whole server. {@link
 * io.inframetrics.testkit.aws.EmbeddedDynamoDb} supports what the DynamoDB sink sends and names
 * what it does not support. {@link io.inframetrics.testkit.aws.RecordingServer} stands in for
 * CloudWatch and SNS. All reject what the services would reject, so a client that exceeds a limit
 * fails its test.
 *
 * <pre>{@code
 * try (RecordingServer server = RecordingServer.start(clock);
 *     AwsClients clients = AwsClients.fromEnvironment(server.environment())) {
 *   CloudWatchClient cloudWatch = clients.build("cloudwatch", CloudWatchClient.builder());
 *   publish(cloudWatch);
 *   assertThat(server.putMetricData()).hasSize(1);
 * }
 * }</pre>
 *
 * <p>{@link io.inframetrics.testkit.aws.FaultProxy} stands between a client and any HTTP server. A
 * {@link io.inframetrics.testkit.aws.FaultPlan} counts what passes and names each request's {@link
 * io.inframetrics.testkit.aws.Fault}; proxies may share one:
 *
 * <pre>{@code
 * FaultPlan plan = FaultPlan.passing();
 * try (FaultProxy s3 = FaultProxy.start("s3", s3Server, plan);
 *     FaultProxy dynamodb = FaultProxy.start("dynamodb", dynamodbServer, plan)) {
 *   collect(s3.uri(), dynamodb.uri());
 *   int all = plan.count();
 *   int third = all + 3;
 *   plan.decide(request -> request.number() == third ? Fault.CUT_AFTER : Fault.PASS);
 *   collect(s3.uri(), dynamodb.uri());
 * }
 * }</pre>
 *
 * <p>{@link io.inframetrics.testkit.aws.LambdaProcess} runs a function's own files under the real
 * Lambda runtime client, against {@link io.inframetrics.testkit.aws.LambdaRuntimeApi}.
 */
@NullMarked
package io.inframetrics.testkit.aws;

import org.jspecify.annotations.NullMarked;
