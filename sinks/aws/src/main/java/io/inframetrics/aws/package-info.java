/**
 * What the AWS sinks share: {@link io.inframetrics.aws.AwsClients} builds every client the same
 * way, {@link io.inframetrics.aws.AwsCalls} makes every call, with retries inside one deadline, and
 * {@link io.inframetrics.aws.AwsFailures} is the table of failures that may heal.
 *
 * <pre>{@code
 * AwsClients clients = AwsClients.fromEnvironment(System.getenv());
 * S3Client s3 = clients.build("s3", S3Client.builder());
 * AwsCalls calls = AwsCalls.of(CallSettings.DEFAULT, Clock.systemUTC());
 * calls.call("s3:HeadObject", deadline, limits -> s3.headObject(b -> b.overrideConfiguration(limits)));
 * }</pre>
 */
@NullMarked
package io.inframetrics.aws;

import org.jspecify.annotations.NullMarked;
