package io.inframetrics.testkit.aws.dynamodb;

import static io.inframetrics.testkit.aws.dynamodb.DynamoDbError.require;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** Bytes of the items that a BatchGetItem returns; the rest is left unprocessed. */
  static final long MAX_ANSWER_BYTES = 16L * 1024 * 1024;

  private static final String ITEMS = "RequestItems";
  private static final String PROJECTION = "ProjectionExpression";

  private final TableOperations tables;

  BatchOperations(TableOperations tables) {
    this.tables = tables;
  }

  Map<String, Object> get(Map<?, ?> json) {
    Parameters request = Parameters.of("BatchGetItem", json, "RequestItems ReturnConsumedCapacity");
    List<Read> reads = new ArrayList<>();
    requestItems(request).forEach((table, asked) -> reads.add(read((String) table, asked)));
    int count = reads.stream().mapToInt(read -> read.keys().size()).sum();
    require(count <= MAX_KEYS, "Too many items requested for the BatchGetItem call");
    reads.forEach(read -> requireDistinct(read.keys()));

    Map<String, Object> responses = new LinkedHashMap<>();
    Map<String, Object> unprocessed = new LinkedHashMap<>();
    List<Object> capacity = new ArrayList<>();
    long bytes = 0;
    for (Read read : reads) {
      Table table = read.table();
      boolean consistent = read.request().isTrue("ConsistentRead", false);
      List<Object> items = new ArrayList<>();
      double units = 0;
      int done = 0;
      for (ItemKey key : read.keys().subList(0, table.part.applyAsInt(read.keys().size()))) {
        Item item = table.get(key);
        bytes += item == null ? 0 : item.size();
        if (bytes > MAX_ANSWER_BYTES) {
          break;
        }
        units += Capacity.ofRead(item == null ? 0 : item.size(), consistent);
        if (item != null) {
          items.add(Item.json(projected(item, read.projection())));
        }
        done++;
      }
      responses.put(table.name, items);
      if (done < read.keys().size()) {
        Map<Object, Object> left = new HashMap<>(read.request().members());
        left.put("Keys", read.request().list("Keys").subList(done, read.keys().size()));
        unprocessed.put(table.name, left);
      }
      table.readUnits.add(units);
      capacity.add(Capacity.json(table, units));
    }
    Map<String, Object> answer = answer(request, capacity, "UnprocessedKeys", unprocessed);
    answer.put("Responses", responses);
    return answer;
  }

  /** Reads from one table; {@code projection} lists the attributes to return, null for all. */
  private record Read(
      Table table, Parameters request, List<ItemKey> keys, @Nullable List<String> projection) {}

  private Read read(String tableName, Object json) {
    Parameters asked =
        Parameters.of(
            "BatchGetItem",
            json,
            "Keys ConsistentRead ProjectionExpression ExpressionAttributeNames");
    Placeholders placeholders = new Placeholders(asked, PROJECTION);
    List<String> projection =
        asked.has(PROJECTION)
            ? new ExpressionParser(PROJECTION, asked, placeholders).projection()
            : null;
    placeholders.requireAllUsed();
    Table table = tables.table(tableName);
    List<ItemKey> keys = new ArrayList<>();
    for (Object key : asked.list("Keys")) {
      keys.add(table.keys.key(Item.attributes(key), ItemOperations.NO_SUCH_KEY));
    }
    return new Read(table, asked, keys, projection);
  }

  private static Map<String, Value> projected(Item item, @Nullable List<String> projection) {
    Map<String, Value> projected = new LinkedHashMap<>(item.attributes());
    projected.keySet().removeIf(name -> projection != null && !projection.contains(name));
    return projected;
  }

  Map<String, Object> write(Map<?, ?> json) {
    Parameters request =
        Parameters.of("BatchWriteItem", json, "RequestItems ReturnConsumedCapacity");
    Map<Table, List<Write>> all = new LinkedHashMap<>();
    requestItems(request)
        .forEach(
            (name, asked) -> {
              Table table = tables.table((String) name);
              List<?> writes = (List<?>) asked;
              require(
                  writes.size() <= MAX_WRITES,
                  "Too many items requested for the BatchWriteItem call");
              all.put(table, writes.stream().map(write -> write(table.keys, write)).toList());
            });
    int count = all.values().stream().mapToInt(List::size).sum();
    require(count <= MAX_WRITES, "Too many items requested for the BatchWriteItem call");
    all.values().forEach(writes -> requireDistinct(writes.stream().map(Write::key).toList()));

    Map<String, Object> unprocessed = new LinkedHashMap<>();
    List<Object> capacity = new ArrayList<>();
    all.forEach(
        (table, writes) -> {
          int done = table.part.applyAsInt(writes.size());
          double units = 0;
          for (Write write : writes.subList(0, done)) {
            units += Capacity.ofWrite(table.change(write.key(), before -> write.item()));
          }
          if (done < writes.size()) {
            List<Write> left = writes.subList(done, writes.size());
            unprocessed.put(table.name, left.stream().map(Write::json).toList());
          }
          table.writeUnits.add(units);
          capacity.add(Capacity.json(table, units));
        });
    return answer(request, capacity, "UnprocessedItems", unprocessed);
  }

  /** A put or, without an item, a delete. */
  private record Write(Object json, ItemKey key, @Nullable Item item) {}

  private static Write write(KeySchema keys, Object json) {
    Parameters write = Parameters.of("BatchWriteItem", json, "PutRequest DeleteRequest");
    boolean isPut = write.has("PutRequest");
    require(
        isPut != write.has("DeleteRequest"),
        "Supplied WriteRequest must contain exactly one of PutRequest and DeleteRequest");
    if (isPut) {
      Map<String, Value> attributes =
          Parameters.of("PutRequest", write.required("PutRequest"), "Item").attributes("Item");
      ItemKey key = keys.keyOfItem(attributes);
      return new Write(json, key, Item.of(attributes, ItemOperations.ITEM_TOO_LARGE));
    }
    Map<String, Value> key =
        Parameters.of("DeleteRequest", write.required("DeleteRequest"), "Key").attributes("Key");
    return new Write(json, keys.key(key, ItemOperations.NO_SUCH_KEY), null);
  }

  private static Map<?, ?> requestItems(Parameters request) {
    Map<?, ?> items = request.has(ITEMS) ? (Map<?, ?>) request.required(ITEMS) : Map.of();
    require(!items.isEmpty(), "The requestItems parameter is required for %s", request.owner());
    return items;
  }

  private static void requireDistinct(List<ItemKey> keys) {
    require(
        new HashSet<>(keys).size() == keys.size(),
        "Provided list of item keys contains duplicates");
  }

  private static Map<String, Object> answer(
      Parameters request, List<Object> capacity, String member, Map<String, Object> unprocessed) {
    Map<String, Object> answer = new LinkedHashMap<>(Map.of(member, unprocessed));
    if (Capacity.isWanted(request)) {
      answer.put("ConsumedCapacity", capacity);
    }
    return answer;
  }
}
