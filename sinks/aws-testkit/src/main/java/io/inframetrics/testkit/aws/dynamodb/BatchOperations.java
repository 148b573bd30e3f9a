package io.inframetrics.testkit.aws.dynamodb;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on many items. */
final class BatchOperations {

  /**
   * Items of a BatchWriteItem.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html">BatchWriteItem</a>
   */
  static final int MAX_WRITES = 25;

  /**
   * Keys of a BatchGetItem.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>
   */
  static final int MAX_KEYS = 100;

  /** Bytes of the items that a BatchGetItem answers; it leaves what would be more. */
  static final long MAX_ANSWER_BYTES = 16L * 1024 * 1024;

  private static final String ITEMS = "RequestItems";
  private static final String CAPACITY = "ReturnConsumedCapacity";
  private static final String PROJECTION = "ProjectionExpression";

  private final Tables tables;

  BatchOperations(Tables tables) {
    this.tables = tables;
  }

  /**
   * What a batch reads from one table.
   *
   * @param projection the attributes that are answered; null for all
   */
  private record Read(
      Table table, Parameters request, List<ItemKey> keys, @Nullable List<String> projection) {}

  Map<String, Object> get(Map<?, ?> json) {
    Parameters request = Parameters.of("BatchGetItem", json, Set.of(ITEMS, CAPACITY));
    Map<String, Parameters> asked = new LinkedHashMap<>();
    requestItems(request)
        .forEach(
            (table, read) ->
                asked.put(
                    (String) table,
                    Parameters.of(
                        "BatchGetItem",
                        read,
                        Set.of(
                            "Keys", "ConsistentRead", PROJECTION, "ExpressionAttributeNames"))));
    requireAtMost(
        MAX_KEYS,
        asked.values().stream().mapToInt(read -> read.list("Keys").size()).sum(),
        request);
    List<Read> reads = new ArrayList<>();
    asked.forEach((table, read) -> reads.add(read(table, read)));

    Map<String, Object> responses = new LinkedHashMap<>();
    Map<String, Object> unprocessed = new LinkedHashMap<>();
    List<Object> capacity = new ArrayList<>();
    long bytes = 0;
    for (Read read : reads) {
      Table table = read.table();
      boolean consistent = read.request().isTrue("ConsistentRead", false);
      List<Object> items = new ArrayList<>();
      double units = 0;
      int wanted = table.processed(read.keys().size());
      int done = 0;
      for (; done < wanted; done++) {
        Item item = table.get(read.keys().get(done));
        int size = item == null ? 0 : item.size();
        if (bytes + size > MAX_ANSWER_BYTES) {
          break;
        }
        bytes += size;
        units += Capacity.ofRead(size, consistent);
        if (item != null) {
          items.add(Item.json(projected(item, read.projection())));
        }
      }
      responses.put(table.name(), items);
      if (done < read.keys().size()) {
        Map<Object, Object> left = new LinkedHashMap<>(read.request().members());
        left.put("Keys", read.request().list("Keys").subList(done, read.keys().size()));
        unprocessed.put(table.name(), left);
      }
      addCapacity(capacity, request, table, units);
    }
    Map<String, Object> answer = answer(capacity, "UnprocessedKeys", unprocessed);
    answer.put("Responses", responses);
    return answer;
  }

  private Read read(String tableName, Parameters asked) {
    Placeholders placeholders = new Placeholders(asked, List.of(PROJECTION));
    List<String> projection =
        asked.has(PROJECTION)
            ? new ExpressionParser(PROJECTION, asked, placeholders).projection()
            : null;
    placeholders.requireAllUsed();
    Table table = tables.get(tableName);
    List<ItemKey> keys = new ArrayList<>();
    for (Object key : asked.list("Keys")) {
      keys.add(table.keys().key(Item.attributes(key), ItemOperations.NO_SUCH_KEY));
    }
    requireDistinct(keys);
    return new Read(table, asked, keys, projection);
  }

  private static Map<String, Value> projected(Item item, @Nullable List<String> projection) {
    if (projection == null) {
      return item.attributes();
    }
    Map<String, Value> projected = new LinkedHashMap<>(item.attributes());
    projected.keySet().retainAll(projection);
    return projected;
  }

  /** A put or, without an item, a delete. */
  private record Write(Object json, ItemKey key, @Nullable Item item) {}

  Map<String, Object> write(Map<?, ?> json) {
    Parameters request = Parameters.of("BatchWriteItem", json, Set.of(ITEMS, CAPACITY));
    Map<?, ?> requestItems = requestItems(request);
    requireAtMost(
        MAX_WRITES,
        requestItems.values().stream().mapToInt(writes -> ((List<?>) writes).size()).sum(),
        request);

    Map<Table, List<Write>> all = new LinkedHashMap<>();
    requestItems.forEach(
        (name, asked) -> {
          Table table = tables.get((String) name);
          List<Write> writes =
              ((List<?>) asked).stream().map(write -> write(table.keys(), write)).toList();
          requireDistinct(writes.stream().map(Write::key).toList());
          all.put(table, writes);
        });

    Map<String, Object> unprocessed = new LinkedHashMap<>();
    List<Object> capacity = new ArrayList<>();
    all.forEach(
        (table, writes) -> {
          int done = Math.min(writes.size(), table.processed(writes.size()));
          double units = 0;
          for (Write write : writes.subList(0, done)) {
            units += Capacity.ofWrite(table.change(write.key(), before -> write.item()));
          }
          if (done < writes.size()) {
            List<Write> left = writes.subList(done, writes.size());
            unprocessed.put(table.name(), left.stream().map(Write::json).toList());
          }
          addCapacity(capacity, request, table, units);
        });
    return answer(capacity, "UnprocessedItems", unprocessed);
  }

  private static Write write(KeySchema keys, Object json) {
    Parameters write = Parameters.of("BatchWriteItem", json, Set.of("PutRequest", "DeleteRequest"));
    if (write.has("PutRequest") == write.has("DeleteRequest")) {
      throw DynamoDbError.invalid(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the"
              + " supported datatypes");
    }
    if (write.has("PutRequest")) {
      Map<String, Value> attributes =
          Parameters.of("PutRequest", write.map("PutRequest"), Set.of("Item")).attributes("Item");
      ItemKey key = keys.keyOfItem(attributes);
      return new Write(json, key, Item.of(attributes, ItemOperations.ITEM_TOO_LARGE));
    }
    Map<String, Value> key =
        Parameters.of("DeleteRequest", write.map("DeleteRequest"), Set.of("Key")).attributes("Key");
    return new Write(json, keys.key(key, ItemOperations.NO_SUCH_KEY), null);
  }

  private static Map<?, ?> requestItems(Parameters request) {
    if (!request.has(ITEMS) || request.map(ITEMS).isEmpty()) {
      throw DynamoDbError.invalid("The requestItems parameter is required for %s", request.owner());
    }
    return request.map(ITEMS);
  }

  private static void requireAtMost(int most, int count, Parameters request) {
    if (count > most) {
      throw DynamoDbError.invalid("Too many items requested for the %s call", request.owner());
    }
  }

  private static void requireDistinct(List<ItemKey> keys) {
    if (new HashSet<>(keys).size() < keys.size()) {
      throw DynamoDbError.invalid("Provided list of item keys contains duplicates");
    }
  }

  private static void addCapacity(
      List<Object> capacity, Parameters request, Table table, double units) {
    Map<String, Object> json = Capacity.json(Capacity.asked(request), table.name(), units);
    if (json != null) {
      capacity.add(json);
    }
  }

  private static Map<String, Object> answer(
      List<Object> capacity, String member, Map<String, Object> unprocessed) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(member, unprocessed);
    if (!capacity.isEmpty()) {
      answer.put("ConsumedCapacity", capacity);
    }
    return answer;
  }
}
