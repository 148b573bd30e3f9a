package io.inframetrics.testkit.aws.dynamodb;

import static io.inframetrics.testkit.aws.dynamodb.DynamoDbError.require;

import io.inframetrics.testkit.aws.dynamodb.KeySchema.Attribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The tables, and the operations on them: they are created at once and billed per request. */
final class TableOperations {

  private static final String BILLING_MODE = "PAY_PER_REQUEST";

  private final Map<String, Table> tables = new ConcurrentHashMap<>();

  Table table(String name) {
    return table(name, "Requested resource not found");
  }

  private Table table(String name, String missing) {
    Table table = tables.get(name);
    if (table == null) {
      throw DynamoDbError.of("ResourceNotFoundException", missing);
    }
    return table;
  }

  private Table described(Parameters request) {
    String name = request.text("TableName");
    return table(name, "Requested resource not found: Table: " + name + " not found");
  }

  Map<String, Object> create(Map<?, ?> json) {
    Parameters request =
        Parameters.of("CreateTable", json, "TableName KeySchema AttributeDefinitions BillingMode");
    String name = request.text("TableName");
    require(
        name.matches("[a-zA-Z0-9_.-]{3,255}"),
        "1 validation error detected: Value '%s' at 'tableName' failed to satisfy constraint: Member"
            + " must have a length from 3 to 255 and satisfy regular expression pattern:"
            + " [a-zA-Z0-9_.-]+",
        name);
    request.oneOf("BillingMode", BILLING_MODE);
    Table table = new Table(name, keySchema(request));
    if (tables.putIfAbsent(name, table) != null) {
      throw DynamoDbError.of("ResourceInUseException", "Table already exists: " + name);
    }
    return Map.of("TableDescription", description(table, "CREATING"));
  }

  private static KeySchema keySchema(Parameters request) {
    Map<String, String> types = new HashMap<>();
    for (Object json : request.list("AttributeDefinitions")) {
      Parameters definition =
          Parameters.of("AttributeDefinitions", json, "AttributeName AttributeType");
      types.put(definition.text("AttributeName"), definition.oneOf("AttributeType", "S", "N", "B"));
    }
    List<Attribute> attributes = new ArrayList<>();
    for (Object json : request.list("KeySchema")) {
      Parameters element = Parameters.of("KeySchema", json, "AttributeName KeyType");
      String name = element.text("AttributeName");
      require(
          element.text("KeyType").equals(attributes.isEmpty() ? "HASH" : "RANGE"),
          "Invalid KeySchema: The first KeySchemaElement is not a HASH key type or the second not a"
              + " RANGE key type");
      @Nullable String type = types.remove(name);
      if (type == null) {
        throw DynamoDbError.invalid(
            "Invalid KeySchema: Some index key attribute have no definition");
      }
      attributes.add(new Attribute(name, type));
    }
    require(
        types.isEmpty() && !attributes.isEmpty() && attributes.size() <= 2,
        "One or more parameter values were invalid: Number of attributes in KeySchema does not"
            + " exactly match number of attributes defined in AttributeDefinitions");
    return new KeySchema(attributes);
  }

  Map<String, Object> describe(Map<?, ?> json) {
    Parameters request = Parameters.of("DescribeTable", json, "TableName");
    return Map.of("Table", description(described(request), "ACTIVE"));
  }

  private static Map<String, Object> description(Table table, String status) {
    List<Object> definitions = new ArrayList<>();
    List<Object> keys = new ArrayList<>();
    for (Attribute key : table.keys.attributes()) {
      definitions.add(Map.of("AttributeName", key.name(), "AttributeType", key.type()));
      keys.add(Map.of("AttributeName", key.name(), "KeyType", keys.isEmpty() ? "HASH" : "RANGE"));
    }
    return Map.of(
        "TableName",
        table.name,
        "TableArn",
        "arn:aws:dynamodb:eu-west-1:000000000000:table/" + table.name,
        "TableStatus",
        status,
        "CreationDateTime",
        table.created.getEpochSecond(),
        "AttributeDefinitions",
        definitions,
        "KeySchema",
        keys,
        "BillingModeSummary",
        Map.of("BillingMode", BILLING_MODE));
  }

  Map<String, Object> updateTimeToLive(Map<?, ?> json) {
    Parameters request =
        Parameters.of("UpdateTimeToLive", json, "TableName TimeToLiveSpecification");
    Object specification = request.required("TimeToLiveSpecification");
    Parameters asked =
        Parameters.of("TimeToLiveSpecification", specification, "AttributeName Enabled");
    String attribute = asked.text("AttributeName");
    boolean enabled = asked.isTrue("Enabled", false);
    require(!attribute.isEmpty(), "TimeToLiveSpecification.AttributeName must be non empty");
    Table table = described(request);
    require(
        enabled == (table.ttlAttribute == null),
        "TimeToLive is already %s",
        enabled ? "enabled" : "disabled");
    table.ttlAttribute = enabled ? attribute : null;
    return Map.of("TimeToLiveSpecification", specification);
  }

  Map<String, Object> describeTimeToLive(Map<?, ?> json) {
    Parameters request = Parameters.of("DescribeTimeToLive", json, "TableName");
    @Nullable String attribute = described(request).ttlAttribute;
    return Map.of(
        "TimeToLiveDescription",
        attribute == null
            ? Map.of("TimeToLiveStatus", "DISABLED")
            : Map.of("TimeToLiveStatus", "ENABLED", "AttributeName", attribute));
  }
}
