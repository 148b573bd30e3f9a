/**
 * Stand-ins for AWS, in process or beside it and on loopback, for tests of what talks to AWS
 * through the real SDK; and what breaks the way to them.
 *
 * <p>{@link io.inframetrics.testkit.aws.EmbeddedS3} is a whole server. {@link
 * io.inframetrics.testkit.aws.EmbeddedDynamoDb} knows what the DynamoDB sink sends and refuses the
 * rest by name. {@link io.inframetrics.testkit.aws.RecordingServer} stands for CloudWatch and SNS.
 * All refuse what the services would refuse, so a client that breaks a limit fails its test.
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
