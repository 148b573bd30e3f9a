/**
 * Stand-ins for AWS in one process or beside it, for integration tests: no container, no network
 * beyond loopback.
 *
 * <p>{@link io.inframetrics.testkit.aws.LambdaProcess} runs a function's own files under the real
 * Lambda runtime client, against {@link io.inframetrics.testkit.aws.LambdaRuntimeApi}.
 */
@NullMarked
package io.inframetrics.testkit.aws;

import org.jspecify.annotations.NullMarked;
