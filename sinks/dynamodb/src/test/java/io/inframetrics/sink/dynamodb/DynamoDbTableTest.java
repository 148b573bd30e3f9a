package io.inframetrics.sink.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.testkit.Deadlines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

class DynamoDbTableTest {

  private final LocalTable local = new LocalTable();
  private final DynamoDbTable tables = new DynamoDbTable(local.client, LocalTable.CALLS);

  @AfterEach
  void close() {
    local.close();
  }

  @Test
  void createsTheTableOfTheDefinition() {
    String name = local.name + "-made";

    tables.createIfMissing(name, Deadlines.never());

    TableDescription table = local.client.describeTable(r -> r.tableName(name)).table();
    assertThat(table.keySchema()).isEqualTo(DynamoDbTable.KEY_SCHEMA);
    assertThat(table.attributeDefinitions())
        .containsExactlyInAnyOrderElementsOf(DynamoDbTable.ATTRIBUTE_DEFINITIONS);
    assertThat(table.tableStatus()).isEqualTo(TableStatus.ACTIVE);
    assertThat(table.billingModeSummary().billingMode()).isEqualTo(BillingMode.PAY_PER_REQUEST);
    assertThat(table.globalSecondaryIndexes()).isEmpty();
    TimeToLiveDescription ttl =
        local.client.describeTimeToLive(r -> r.tableName(name)).timeToLiveDescription();
    assertThat(ttl.attributeName()).isEqualTo(DynamoDbTable.TTL_ATTRIBUTE);
    assertThat(ttl.timeToLiveStatus()).isIn(TimeToLiveStatus.ENABLED, TimeToLiveStatus.ENABLING);
  }

  @Test
  void leavesATableAloneThatIsThere() {
    String name = local.name + "-twice";
    tables.createIfMissing(name, Deadlines.never());
    local.forgetRequests();

    tables.createIfMissing(name, Deadlines.never());

    assertThat(local.calls()).doesNotContainKey("UpdateTimeToLive");
  }

  @Test
  void refusesATableWithOtherKeys() {
    String name = local.name + "-other";
    local.client.createTable(
        r ->
            r.tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(
                    KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build())
                .attributeDefinitions(
                    AttributeDefinition.builder()
                        .attributeName("id")
                        .attributeType(ScalarAttributeType.S)
                        .build()));

    assertThatThrownBy(() -> tables.createIfMissing(name, Deadlines.never()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("series_id");
  }
}
