package io.inframetrics.sink.dynamodb;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Defines the table, as data to compare a template with, and creates it where no template does,
 * such as on a local stand-in. Thread-safe.
 */
public final class DynamoDbTable {

  /** The partition key, then the sort key. */
  public static final List<KeySchemaElement> KEY_SCHEMA =
      List.of(key(Attributes.PARTITION, KeyType.HASH), key(Attributes.SORT, KeyType.RANGE));

  /** The types of the keys; there are no indexes. */
  public static final List<AttributeDefinition> ATTRIBUTE_DEFINITIONS =
      List.of(text(Attributes.PARTITION), text(Attributes.SORT));

  /** The attribute by which items expire, in epoch seconds. */
  public static final String TTL_ATTRIBUTE = Attributes.TTL;

  /** Paid per request: a run writes for seconds and rests for hours. */
  public static final BillingMode BILLING_MODE = BillingMode.PAY_PER_REQUEST;

  private final DynamoDbClient client;
  private final AwsCalls calls;

  public DynamoDbTable(DynamoDbClient client, AwsCalls calls) {
    this.client = client;
    this.calls = calls;
  }

  /**
   * Creates the table if it is missing, lets its items expire, and waits until it is active.
   *
   * @throws io.inframetrics.pipeline.RetryableFailureException if it is not active in time
   * @throws IllegalStateException if a table of that name has other keys
   */
  public void createIfMissing(String name, Deadline deadline) {
    try {
      calls.call(
          "dynamodb:CreateTable",
          deadline,
          limits ->
              client.createTable(
                  request ->
                      request
                          .tableName(name)
                          .keySchema(KEY_SCHEMA)
                          .attributeDefinitions(ATTRIBUTE_DEFINITIONS)
                          .billingMode(BILLING_MODE)
                          .overrideConfiguration(limits)));
    } catch (ResourceInUseException e) {
      requireKeys(name, deadline);
    }
    awaitActive(name, deadline);
    expireItems(name, deadline);
  }

  private void requireKeys(String name, Deadline deadline) {
    List<KeySchemaElement> keys = describe(name, deadline, table -> true).keySchema();
    if (!keys.equals(KEY_SCHEMA)) {
      throw new IllegalStateException(
          "table '%s' has the keys %s: use a table with %s".formatted(name, keys, KEY_SCHEMA));
    }
  }

  private void awaitActive(String name, Deadline deadline) {
    TableDescription table;
    do {
      table = describe(name, deadline, DynamoDbTable::isActive);
    } while (!isActive(table)); // The call waits between its tries, up to the deadline.
  }

  private TableDescription describe(
      String name, Deadline deadline, Predicate<TableDescription> complete) {
    return calls.call(
        "dynamodb:DescribeTable",
        deadline,
        limits ->
            client
                .describeTable(request -> request.tableName(name).overrideConfiguration(limits))
                .table(),
        complete);
  }

  private static boolean isActive(TableDescription table) {
    return table.tableStatus() == TableStatus.ACTIVE;
  }

  private static KeySchemaElement key(String attribute, KeyType type) {
    return KeySchemaElement.builder().attributeName(attribute).keyType(type).build();
  }

  private static AttributeDefinition text(String attribute) {
    return AttributeDefinition.builder()
        .attributeName(attribute)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private void expireItems(String name, Deadline deadline) {
    TimeToLiveStatus status =
        calls.call(
            "dynamodb:DescribeTimeToLive",
            deadline,
            limits ->
                client
                    .describeTimeToLive(
                        request -> request.tableName(name).overrideConfiguration(limits))
                    .timeToLiveDescription()
                    .timeToLiveStatus());
    if (status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING) {
      return;
    }
    calls.call(
        "dynamodb:UpdateTimeToLive",
        deadline,
        limits ->
            client.updateTimeToLive(
                request ->
                    request
                        .tableName(name)
                        .timeToLiveSpecification(
                            ttl -> ttl.attributeName(TTL_ATTRIBUTE).enabled(true))
                        .overrideConfiguration(limits)));
  }
}
