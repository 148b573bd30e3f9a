/**
 * Stand-ins of AWS services in the test's own process, and what breaks the way to them.
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
 */
@NullMarked
package io.inframetrics.testkit.aws;

import org.jspecify.annotations.NullMarked;
