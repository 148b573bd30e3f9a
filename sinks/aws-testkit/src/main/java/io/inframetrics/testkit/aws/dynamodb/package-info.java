/**
 * A stand-in for DynamoDB in memory: the operations and request shapes that the DynamoDB sink uses,
 * checked as the service checks them. {@link io.inframetrics.testkit.aws.EmbeddedDynamoDb} serves
 * it over HTTP. Everything else is rejected with an error that names what is not supported.
 *
 * <p>Internal: the types of this package may change at any time.
 */
@NullMarked
package io.inframetrics.testkit.aws.dynamodb;

import org.jspecify.annotations.NullMarked;
