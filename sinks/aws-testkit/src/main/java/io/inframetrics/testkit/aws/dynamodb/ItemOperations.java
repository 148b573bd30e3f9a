package io.inframetrics.testkit.aws.dynamodb;

import static io.inframetrics.testkit.aws.dynamodb.DynamoDbError.require;

import io.inframetrics.testkit.aws.dynamodb.ExpressionParser.Update;
import io.inframetrics.testkit.aws.dynamodb.KeySchema.Attribute;
import io.inframetrics.testkit.aws.dynamodb.Table.Page;
import io.inframetrics.testkit.aws.dynamodb.Table.Range;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The operations on one item, and on the items of a partition or a table. */
final class ItemOperations {

  static final String ITEM_TOO_LARGE = "Item size has exceeded the maximum allowed size";
  static final String NO_SUCH_KEY = "The provided key element does not match the schema";

  private static final String CONDITION = "ConditionExpression";
  private static final String UPDATE = "UpdateExpression";
  private static final String KEY_CONDITION = "KeyConditionExpression";

  private final TableOperations tables;

  ItemOperations(TableOperations tables) {
    this.tables = tables;
  }

  Map<String, Object> put(Map<?, ?> json) {
    Parameters request = Parameters.of("PutItem", json, "TableName Item ReturnConsumedCapacity");
    Map<String, Value> attributes = request.attributes("Item");
    Table table = tables.table(request.text("TableName"));
    ItemKey key = table.keys.keyOfItem(attributes);
    Item item = Item.of(attributes, ITEM_TOO_LARGE);
    return answerWrite(request, table, table.change(key, before -> item));
  }

  Map<String, Object> update(Map<?, ?> json) {
    Parameters request =
        Parameters.of(
            "UpdateItem",
            json,
            "TableName Key UpdateExpression ConditionExpression ExpressionAttributeNames"
                + " ExpressionAttributeValues ReturnConsumedCapacity");
    Map<String, Value> named = request.attributes("Key");
    Placeholders placeholders = new Placeholders(request, UPDATE, CONDITION);
    Update update = new ExpressionParser(UPDATE, request, placeholders).update();
    Predicate<Map<String, Value>> condition =
        request.has(CONDITION)
            ? new ExpressionParser(CONDITION, request, placeholders).condition()
            : item -> true;
    placeholders.requireAllUsed();
    Table table = tables.table(request.text("TableName"));
    for (Attribute key : table.keys.attributes()) {
      require(
          !update.set().containsKey(key.name()) && !update.add().containsKey(key.name()),
          "One or more parameter values were invalid: Cannot update attribute %s. This attribute is"
              + " part of the key",
          key.name());
    }
    ItemKey key = table.keys.key(named, NO_SUCH_KEY);
    int bytes = table.change(key, before -> updated(named, before, update, condition));
    return answerWrite(request, table, bytes);
  }

  private static Item updated(
      Map<String, Value> key,
      @Nullable Item item,
      Update update,
      Predicate<Map<String, Value>> condition) {
    Map<String, Value> before = item == null ? Map.of() : item.attributes();
    if (!condition.test(before)) {
      throw DynamoDbError.of("ConditionalCheckFailedException", "The conditional request failed");
    }
    Map<String, Value> after = new LinkedHashMap<>(before);
    after.putAll(key);
    after.putAll(update.set());
    update
        .add()
        .forEach((attribute, addend) -> after.merge(attribute, addend, ItemOperations::sum));
    return Item.of(after, "Item size to update has exceeded the maximum allowed size");
  }

  private static Value sum(Value before, Value addend) {
    require(
        before.type().equals(addend.type()),
        "An operand in the update expression has an incorrect data type");
    if (addend.type().equals("SS")) {
      Set<String> union = new LinkedHashSet<>(before.texts());
      union.addAll(addend.texts());
      return new Value("SS", union);
    }
    BigDecimal sum = ((BigDecimal) before.data()).add((BigDecimal) addend.data());
    return new Value("N", Value.number(sum.toString()));
  }

  Map<String, Object> query(Map<?, ?> json) {
    Parameters request =
        Parameters.of(
            "Query",
            json,
            "TableName KeyConditionExpression ExpressionAttributeNames ExpressionAttributeValues"
                + " ScanIndexForward ConsistentRead Limit ExclusiveStartKey ReturnConsumedCapacity");
    int limit = limit(request);
    Placeholders placeholders = new Placeholders(request, KEY_CONDITION);
    require(
        request.has(KEY_CONDITION),
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the"
            + " request.");
    Map<String, Range> ranges =
        new ExpressionParser(KEY_CONDITION, request, placeholders).keyCondition();
    placeholders.requireAllUsed();
    Table table = tables.table(request.text("TableName"));
    for (Attribute key : table.keys.attributes()) {
      Range range = ranges.get(key.name());
      if (range != null) {
        require(
            range.low().type().equals(key.type()),
            "One or more parameter values were invalid: Condition parameter type does not match"
                + " schema type");
        table.keys.requireFit(key.name(), range.low());
        table.keys.requireFit(key.name(), range.high());
      }
    }
    Range hash = ranges.remove(table.keys.hash());
    if (hash == null) {
      throw DynamoDbError.invalid(
          "Query condition missed key schema element: %s", table.keys.hash());
    }
    require(hash.low().equals(hash.high()), "Query key condition not supported");
    require(
        table.keys.names().containsAll(ranges.keySet()),
        "Query condition missed key schema element: %s",
        table.keys.names().get(table.keys.names().size() - 1));
    Range range = ranges.values().stream().findFirst().orElse(null);
    ItemKey start = start(request, table.keys);
    require(
        start == null
            || (start.hash().equals(hash.low())
                && (range == null || range.contains(start.range()))),
        "The provided starting key is outside query boundaries based on provided conditions");
    boolean forward = request.isTrue("ScanIndexForward", true);
    return page(request, table, table.query(hash.low(), range, forward, start, limit));
  }

  Map<String, Object> scan(Map<?, ?> json) {
    Parameters request =
        Parameters.of(
            "Scan",
            json,
            "TableName ConsistentRead Limit ExclusiveStartKey ReturnConsumedCapacity");
    int limit = limit(request);
    Table table = tables.table(request.text("TableName"));
    return page(request, table, table.scan(start(request, table.keys), limit));
  }

  private static int limit(Parameters request) {
    int limit = request.has("Limit") ? (Integer) request.required("Limit") : Integer.MAX_VALUE;
    require(
        limit >= 1,
        "1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member"
            + " must have value greater than or equal to 1",
        limit);
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
    double units = Capacity.ofRead(page.bytes(), consistent);
    table.readUnits.add(units);
    Map<String, Object> answer = answer(request, table, units);
    List<Item> items = page.items();
    answer.put("Items", items.stream().map(item -> Item.json(item.attributes())).toList());
    answer.put("Count", items.size());
    answer.put("ScannedCount", items.size());
    if (!page.ended()) {
      answer.put("LastEvaluatedKey", table.keys.json(items.get(items.size() - 1)));
    }
    return answer;
  }

  private static Map<String, Object> answerWrite(Parameters request, Table table, int bytes) {
    double units = Capacity.ofWrite(bytes);
    table.writeUnits.add(units);
    return answer(request, table, units);
  }

  private static Map<String, Object> answer(Parameters request, Table table, double units) {
    Map<String, Object> answer = new LinkedHashMap<>();
    if (Capacity.isWanted(request)) {
      answer.put("ConsumedCapacity", Capacity.json(table, units));
    }
    return answer;
  }
}
