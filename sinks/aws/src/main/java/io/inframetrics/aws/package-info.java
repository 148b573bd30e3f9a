/**
 * What the AWS sinks share: {@link io.inframetrics.aws.AwsClients} builds every client the same
 * way, {@link io.inframetrics.aws.AwsCalls} makes every call, with retries inside one deadline, and
 * {@link io.inframetrics.aws.AwsFailures} is the table of failures that may heal.
 *
 * <pre>{@code
 * AwsClients clients = AwsClients.fromEnvironment(environment);
 * S3Client s3 = clients.build("s3", S3Client.builder());
 * AwsCalls calls = new AwsCalls(CallSettings.DEFAULTS, random, AwsCalls.Sleeper.THREAD);
 * try {
 *   calls.call("s3:HeadObject", deadline, limits -> s3.headObject(b -> b.bucket("metrics").key(key).overrideConfiguration(limits)));
 * } catch (NoSuchKeyException e) {
 *   // Expected: the SDK's own exceptions arrive as they are.
 * } catch (SdkException e) {
 *   throw AwsFailures.refusal("s3:HeadObject", e);
 * }
 * }</pre>
 */
@NullMarked
package io.inframetrics.aws;

import org.jspecify.annotations.NullMarked;
