package io.inframetrics.integration;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import io.inframetrics.testkit.aws.EmbeddedS3;
import io.inframetrics.testkit.aws.RecordingServer;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The services that stand in for AWS, one of each for all tests of a JVM, and clients that reach
 * them without a proxy between. Tests keep apart by their buckets and tables.
 */
final class StandIns {

  /** The time of everything that is told the time: the end of the sample run's window. */
  static final Clock CLOCK = Pipeline.CLOCK;

  static final EmbeddedS3 S3 = EmbeddedS3.start();
  static final EmbeddedDynamoDb DYNAMO_DB = EmbeddedDynamoDb.shared();
  static final RecordingServer OTHERS = RecordingServer.start(CLOCK);

  private static final AwsClients CLIENTS = AwsClients.fromEnvironment(environment());
  static final S3Client OBJECTS = S3Stores.client(CLIENTS);
  static final DynamoDbClient TABLES = CLIENTS.build("dynamodb", DynamoDbClient.builder());

  private StandIns() {}

  /** What leads a client to all of them. */
  static Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.putAll(OTHERS.environment());
    environment.putAll(DYNAMO_DB.environment());
    environment.putAll(S3.environment());
    return environment;
  }

  /** Creates a table with a name of its own and answers the name. */
  static String newTable() {
    String name = DYNAMO_DB.newTableName();
    TABLES.createTable(
        create ->
            create
                .tableName(name)
                .keySchema(DynamoDbTable.KEY_SCHEMA)
                .attributeDefinitions(DynamoDbTable.ATTRIBUTE_DEFINITIONS)
                .billingMode(DynamoDbTable.BILLING_MODE));
    return name;
  }

  /** Calls whose waits take no time. */
  static AwsCalls calls(CallSettings settings) {
    return new AwsCalls(settings, new Random(1), time -> {});
  }
}
