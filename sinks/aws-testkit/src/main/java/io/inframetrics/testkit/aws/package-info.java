/**
 * Stand-ins for AWS services, in process and on loopback, for integration tests.
 *
 * <pre>{@code
 * EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.shared();
 * try (AwsClients clients = AwsClients.fromEnvironment(dynamoDb.environment())) {
 *   DynamoDbClient client = clients.build("dynamodb", DynamoDbClient.builder());
 *   String table = dynamoDb.newTableName();
 * }
 * }</pre>
 */
@NullMarked
package io.inframetrics.testkit.aws;

import org.jspecify.annotations.NullMarked;
