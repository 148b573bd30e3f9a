package io.inframetrics.testkit.aws.dynamodb;

import io.inframetrics.testkit.aws.dynamodb.Condition.And;
import io.inframetrics.testkit.aws.dynamodb.Condition.Between;
import io.inframetrics.testkit.aws.dynamodb.Condition.Comparison;
import io.inframetrics.testkit.aws.dynamodb.Condition.Literal;
import io.inframetrics.testkit.aws.dynamodb.Condition.Operand;
import io.inframetrics.testkit.aws.dynamodb.Condition.Path;
import io.inframetrics.testkit.aws.dynamodb.ExpressionParser.Update;
import io.inframetrics.testkit.aws.dynamodb.KeySchema.Attribute;
import io.inframetrics.testkit.aws.dynamodb.Table.Page;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The operations on one item, and on the items of a partition or a table. */
final class ItemOperations {

  static final String ITEM_TOO_LARGE = "Item size has exceeded the maximum allowed size";
  static final String NO_SUCH_KEY = "The provided key element does not match the schema";

  private static final String UPDATE_TOO_LARGE =
      "Item size to update has exceeded the maximum allowed size";
  private static final String CAPACITY = "ReturnConsumedCapacity";
  private static final String CONDITION = "ConditionExpression";
  private static final String UPDATE = "UpdateExpression";
  private static final String KEY_CONDITION = "KeyConditionExpression";

  private final Tables tables;

  ItemOperations(Tables tables) {
    this.tables = tables;
  }

  Map<String, Object> put(Map<?, ?> json) {
    Parameters request = Parameters.of("PutItem", json, Set.of("TableName", "Item", CAPACITY));
    Map<String, Value> attributes = request.attributes("Item");
    Table table = tables.get(request.text("TableName"));
    ItemKey key = table.keys().keyOfItem(attributes);
    Item item = Item.of(attributes, ITEM_TOO_LARGE);
    int bytes = table.change(key, before -> item);
    return written(request, table, bytes);
  }

  Map<String, Object> update(Map<?, ?> json) {
    Parameters request =
        Parameters.of(
            "UpdateItem",
            json,
            Set.of(
                "TableName",
                "Key",
                UPDATE,
                CONDITION,
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
                CAPACITY));
    Map<String, Value> named = request.attributes("Key");
    Placeholders placeholders = new Placeholders(request, List.of(UPDATE, CONDITION));
    Update update = new ExpressionParser(UPDATE, request, placeholders).update();
    Condition condition =
        request.has(CONDITION)
            ? new ExpressionParser(CONDITION, request, placeholders).condition()
            : null;
    placeholders.requireAllUsed();
    Table table = tables.get(request.text("TableName"));
    Stream.concat(update.set().keySet().stream(), update.add().keySet().stream())
        .filter(table.keys()::contains)
        .forEach(
            attribute -> {
              throw DynamoDbError.invalidValue(
                  "Cannot update attribute %s. This attribute is part of the key", attribute);
            });
    ItemKey key = table.keys().key(named, NO_SUCH_KEY);
    int bytes = table.change(key, before -> updated(named, before, update, condition));
    return written(request, table, bytes);
  }

  private static Item updated(
      Map<String, Value> key, @Nullable Item item, Update update, @Nullable Condition condition) {
    Map<String, Value> before = item == null ? Map.of() : item.attributes();
    if (condition != null && !condition.holds(before)) {
      throw DynamoDbError.of("ConditionalCheckFailedException", "The conditional request failed");
    }
    Map<String, Value> after = new LinkedHashMap<>(before);
    after.putAll(key);
    update.set().forEach((attribute, operand) -> after.put(attribute, required(operand, before)));
    update
        .add()
        .forEach((attribute, addend) -> after.merge(attribute, addend, ItemOperations::sum));
    return Item.of(after, UPDATE_TOO_LARGE);
  }

  private static Value required(Operand operand, Map<String, Value> item) {
    Value value = operand.of(item);
    if (value == null) {
      throw DynamoDbError.invalid(
          "The provided expression refers to an attribute that does not exist in the item");
    }
    return value;
  }

  private static Value sum(Value before, Value addend) {
    if (!before.type().equals(addend.type())) {
      throw DynamoDbError.invalid("An operand in the update expression has an incorrect data type");
    }
    if (addend.isSet()) {
      Set<Value> union = new LinkedHashSet<>(before.elements());
      union.addAll(addend.elements());
      return new Value(addend.type(), union);
    }
    BigDecimal sum = ((BigDecimal) before.data()).add((BigDecimal) addend.data());
    return Value.of(Map.of("N", sum.toString()));
  }

  private static Map<String, Object> written(Parameters request, Table table, int bytes) {
    return answer(Capacity.json(Capacity.asked(request), table.name(), Capacity.ofWrite(bytes)));
  }

  private static Map<String, Object> answer(@Nullable Map<String, Object> capacity) {
    Map<String, Object> answer = new LinkedHashMap<>();
    if (capacity != null) {
      answer.put("ConsumedCapacity", capacity);
    }
    return answer;
  }

  Map<String, Object> query(Map<?, ?> json) {
    Parameters request =
        Parameters.of(
            "Query",
            json,
            Set.of(
                "TableName",
                KEY_CONDITION,
                "ExpressionAttributeNames",
                "ExpressionAttributeValues",
                "ScanIndexForward",
                "ConsistentRead",
                "Limit",
                "ExclusiveStartKey",
                CAPACITY));
    int limit = limit(request);
    Placeholders placeholders = new Placeholders(request, List.of(KEY_CONDITION));
    if (!request.has(KEY_CONDITION)) {
      throw DynamoDbError.invalid(
          "Either the KeyConditions or KeyConditionExpression parameter must be specified in the"
              + " request.");
    }
    Condition condition = new ExpressionParser(KEY_CONDITION, request, placeholders).condition();
    placeholders.requireAllUsed();
    Table table = tables.get(request.text("TableName"));
    KeySchema keys = table.keys();
    Map<String, Condition> conditions = byKey(condition, keys);
    Condition onHash = conditions.get(keys.hash().name());
    if (onHash == null) {
      throw DynamoDbError.invalid(
          "Query condition missed key schema element: %s", keys.hash().name());
    }
    if (!(onHash instanceof Comparison equal) || !equal.operator().equals("=")) {
      throw DynamoDbError.invalid("Query key condition not supported");
    }
    Value hash = ((Literal) equal.right()).value();
    Attribute range = keys.range();
    Condition onRange = range == null ? null : conditions.get(range.name());
    ItemKey start = start(request, keys);
    if (start != null && (!start.hash().equals(hash) || !holds(onRange, range, start.range()))) {
      throw DynamoDbError.invalid(
          "The provided starting key is outside query boundaries based on provided conditions");
    }
    return page(
        request,
        table,
        table.query(
            hash,
            value -> holds(onRange, range, value),
            request.isTrue("ScanIndexForward", true),
            start,
            limit));
  }

  private static boolean holds(
      @Nullable Condition condition, @Nullable Attribute range, Value value) {
    return condition == null || range == null || condition.holds(Map.of(range.name(), value));
  }

  /** The conditions on each key attribute; each must compare it with values. */
  private static Map<String, Condition> byKey(Condition all, KeySchema keys) {
    Map<String, Condition> conditions = new LinkedHashMap<>();
    for (Condition condition : parts(all)) {
      String name = comparedPath(condition);
      Attribute key =
          keys.attributes().stream()
              .filter(attribute -> attribute.name().equals(name))
              .findFirst()
              .orElse(null);
      if (key == null) {
        throw DynamoDbError.invalid(
            "Query condition missed key schema element: %s",
            keys.attributes().stream()
                .map(Attribute::name)
                .filter(other -> !conditions.containsKey(other))
                .findFirst()
                .orElse(name));
      }
      for (Operand operand : comparedWith(condition)) {
        Value value = ((Literal) operand).value();
        if (!value.type().equals(key.type())) {
          throw DynamoDbError.invalidValue("Condition parameter type does not match schema type");
        }
        keys.requireFit(key, value);
      }
      if (conditions.put(key.name(), condition) != null) {
        throw DynamoDbError.invalid(
            "KeyConditionExpressions must only contain one condition per key");
      }
    }
    return conditions;
  }

  private static List<Condition> parts(Condition condition) {
    if (condition instanceof And and) {
      List<Condition> parts = new ArrayList<>(parts(and.left()));
      parts.addAll(parts(and.right()));
      return parts;
    }
    if (condition instanceof Condition.Or) {
      throw DynamoDbError.invalid("Invalid operator used in KeyConditionExpression: OR");
    }
    return List.of(condition);
  }

  private static String comparedPath(Condition condition) {
    if (condition instanceof Comparison comparison) {
      if (comparison.operator().equals("<>")) {
        throw DynamoDbError.invalid("Invalid operator used in KeyConditionExpression: <>");
      }
      if (comparison.left() instanceof Path path && comparison.right() instanceof Literal) {
        return path.name();
      }
    }
    if (condition instanceof Between between
        && between.operand() instanceof Path path
        && between.low() instanceof Literal
        && between.high() instanceof Literal) {
      return path.name();
    }
    throw DynamoDbError.unsupported("a key condition that does not compare a key with values");
  }

  private static List<Operand> comparedWith(Condition condition) {
    return condition instanceof Between between
        ? List.of(between.low(), between.high())
        : List.of(((Comparison) condition).right());
  }

  Map<String, Object> scan(Map<?, ?> json) {
    Parameters request =
        Parameters.of(
            "Scan",
            json,
            Set.of("TableName", "ConsistentRead", "Limit", "ExclusiveStartKey", CAPACITY));
    int limit = limit(request);
    Table table = tables.get(request.text("TableName"));
    return page(request, table, table.scan(start(request, table.keys()), limit));
  }

  private static int limit(Parameters request) {
    if (!request.has("Limit")) {
      return Integer.MAX_VALUE;
    }
    int limit = (Integer) request.required("Limit");
    if (limit < 1) {
      throw DynamoDbError.invalid(
          "1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member"
              + " must have value greater than or equal to 1",
          limit);
    }
    return limit;
  }

  private static @Nullable ItemKey start(Parameters request, KeySchema keys) {
    return request.has("ExclusiveStartKey")
        ? keys.key(
            request.attributes("ExclusiveStartKey"),
            "The provided starting key is invalid: " + NO_SUCH_KEY)
        : null;
  }

  private static Map<String, Object> page(Parameters request, Table table, Page page) {
    boolean consistent = request.isTrue("ConsistentRead", false);
    Map<String, Object> answer =
        answer(
            Capacity.json(
                Capacity.asked(request), table.name(), Capacity.ofRead(page.bytes(), consistent)));
    List<Item> items = page.items();
    answer.put("Items", items.stream().map(item -> Item.json(item.attributes())).toList());
    answer.put("Count", items.size());
    answer.put("ScannedCount", items.size());
    if (!page.ended()) {
      answer.put("LastEvaluatedKey", table.keys().json(items.get(items.size() - 1)));
    }
    return answer;
  }
}
