package io.inframetrics.testkit.aws.dynamodb;

import io.inframetrics.testkit.aws.dynamodb.KeySchema.Attribute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The operations on tables: they are made at once, and charged by request. */
final class TableOperations {

  private static final String BILLING_MODE = "PAY_PER_REQUEST";
  private static final int MIN_NAME = 3;

  private final Tables tables;

  TableOperations(Tables tables) {
    this.tables = tables;
  }

  Map<String, Object> create(Map<?, ?> json) {
    Parameters request =
        Parameters.of(
            "CreateTable",
            json,
            Set.of("TableName", "KeySchema", "AttributeDefinitions", "BillingMode"));
    if (!request.has("BillingMode")) {
      throw DynamoDbError.unsupported("CreateTable without BillingMode " + BILLING_MODE);
    }
    request.oneOf("BillingMode", BILLING_MODE);
    String name = Tables.requireValid(request.text("TableName"), MIN_NAME);
    Table table = new Table(name, keySchema(request));
    tables.add(table);
    return Map.of("TableDescription", description(table, "CREATING"));
  }

  private static KeySchema keySchema(Parameters request) {
    Map<String, String> types = new LinkedHashMap<>();
    for (Object json : request.list("AttributeDefinitions")) {
      Parameters definition =
          Parameters.of("AttributeDefinitions", json, Set.of("AttributeName", "AttributeType"));
      types.put(definition.text("AttributeName"), definition.oneOf("AttributeType", "S", "N", "B"));
    }
    List<Attribute> attributes = new ArrayList<>();
    for (Object json : request.list("KeySchema")) {
      Parameters element = Parameters.of("KeySchema", json, Set.of("AttributeName", "KeyType"));
      String name = element.text("AttributeName");
      String kind = element.oneOf("KeyType", "HASH", "RANGE");
      if (!kind.equals(attributes.isEmpty() ? "HASH" : "RANGE") || attributes.size() == 2) {
        throw DynamoDbError.invalid(
            attributes.isEmpty()
                ? "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
                : "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
      }
      String type = types.get(name);
      if (type == null || attributes.contains(new Attribute(name, type))) {
        throw DynamoDbError.invalid(
            "Invalid KeySchema: Some index key attribute have no definition");
      }
      attributes.add(new Attribute(name, type));
    }
    if (attributes.isEmpty() || attributes.size() != types.size()) {
      throw DynamoDbError.invalidValue(
          "Number of attributes in KeySchema does not exactly match number of attributes defined in"
              + " AttributeDefinitions");
    }
    return new KeySchema(attributes);
  }

  Map<String, Object> describe(Map<?, ?> json) {
    return Map.of("Table", description(named("DescribeTable", json), "ACTIVE"));
  }

  private Table named(String operation, Map<?, ?> json) {
    String name = Parameters.of(operation, json, Set.of("TableName")).text("TableName");
    return tables.get(name, "Requested resource not found: Table: " + name + " not found");
  }

  private static Map<String, Object> description(Table table, String status) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put(
        "AttributeDefinitions",
        table.keys().attributes().stream()
            .map(key -> Map.of("AttributeName", key.name(), "AttributeType", key.type()))
            .toList());
    description.put("TableName", table.name());
    description.put(
        "KeySchema",
        table.keys().attributes().stream()
            .map(
                key ->
                    Map.of(
                        "AttributeName",
                        key.name(),
                        "KeyType",
                        key.equals(table.keys().hash()) ? "HASH" : "RANGE"))
            .toList());
    description.put("TableStatus", status);
    description.put("CreationDateTime", table.created().getEpochSecond());
    description.put(
        "ProvisionedThroughput",
        Map.of("NumberOfDecreasesToday", 0, "ReadCapacityUnits", 0, "WriteCapacityUnits", 0));
    description.put("TableSizeBytes", 0);
    description.put("ItemCount", 0);
    description.put("TableArn", "arn:aws:dynamodb:eu-west-1:000000000000:table/" + table.name());
    description.put("BillingModeSummary", Map.of("BillingMode", BILLING_MODE));
    return description;
  }

  Map<String, Object> updateTimeToLive(Map<?, ?> json) {
    Parameters request =
        Parameters.of("UpdateTimeToLive", json, Set.of("TableName", "TimeToLiveSpecification"));
    Parameters asked =
        Parameters.of(
            "TimeToLiveSpecification",
            request.map("TimeToLiveSpecification"),
            Set.of("AttributeName", "Enabled"));
    String attribute = asked.text("AttributeName");
    boolean enabled = asked.isTrue("Enabled", false);
    if (attribute.isEmpty()) {
      throw DynamoDbError.invalid("TimeToLiveSpecification.AttributeName must be non empty");
    }
    Table table = named("UpdateTimeToLive", Map.of("TableName", request.text("TableName")));
    if (enabled == (table.ttlAttribute() != null)) {
      throw DynamoDbError.invalid("TimeToLive is already %s", enabled ? "enabled" : "disabled");
    }
    table.setTtlAttribute(enabled ? attribute : null);
    return Map.of(
        "TimeToLiveSpecification", Map.of("AttributeName", attribute, "Enabled", enabled));
  }

  Map<String, Object> describeTimeToLive(Map<?, ?> json) {
    String attribute = named("DescribeTimeToLive", json).ttlAttribute();
    return Map.of(
        "TimeToLiveDescription",
        attribute == null
            ? Map.of("TimeToLiveStatus", "DISABLED")
            : Map.of("TimeToLiveStatus", "ENABLED", "AttributeName", attribute));
  }
}
