package io.inframetrics.sink.dynamodb;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsFailures;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Calls to one table: in full batches, in parallel, repeating what is left. Thread-safe. */
final class Table {

  /**
   * Items in a BatchWriteItem. Its 16 MB cannot be reached: 25 items of 400 KB are 10 MB.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html">BatchWriteItem</a>
   */
  static final int WRITES_A_CALL = 25;

  /**
   * Keys in a BatchGetItem.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>
   */
  static final int READS_A_CALL = 100;

  private static final String VALIDATION = "ValidationException";

  private final DynamoDbClient client;
  private final String name;
  private final AwsCalls calls;
  private final Executor executor;

  Table(DynamoDbClient client, String name, AwsCalls calls, Executor executor) {
    this.client = client;
    this.name = name;
    this.calls = calls;
    this.executor = executor;
  }

  /** The whole items of these keys; a key without an item is left out. */
  List<Map<String, AttributeValue>> get(
      Collection<Key> keys, boolean consistent, Deadline deadline) {
    return get(
        keys, KeysAndAttributes.builder().consistentRead(consistent).build(), false, deadline);
  }

  /**
   * The keys that have an item, for callers that write the missing ones. Eventually consistent, and
   * a key that cannot be looked up is left out: writing an item again does no harm.
   */
  List<Key> existing(Collection<Key> keys, Deadline deadline) {
    KeysAndAttributes keysOnly =
        KeysAndAttributes.builder()
            .projectionExpression("#partition, #sort")
            .expressionAttributeNames(
                Map.of("#partition", Attributes.PARTITION, "#sort", Attributes.SORT))
            .build();
    return get(keys, keysOnly, true, deadline).stream().map(Key::of).toList();
  }

  private List<Map<String, AttributeValue>> get(
      Collection<Key> keys, KeysAndAttributes template, boolean mayMiss, Deadline deadline) {
    List<Map<String, AttributeValue>> distinct =
        new LinkedHashSet<>(keys).stream().map(Key::attributes).toList();
    return Parallel.inChunks(
        executor,
        distinct,
        READS_A_CALL,
        chunk -> getChunk(template.toBuilder().keys(chunk).build(), mayMiss, deadline));
  }

  private List<Map<String, AttributeValue>> getChunk(
      KeysAndAttributes asked, boolean mayMiss, Deadline deadline) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    List<Map<String, AttributeValue>> left = new ArrayList<>(asked.keys());
    String reason =
        repeat(
            "dynamodb:BatchGetItem",
            left,
            deadline,
            limits -> {
              KeysAndAttributes rest = asked.toBuilder().keys(left).build();
              BatchGetItemResponse response =
                  client.batchGetItem(
                      request ->
                          request.requestItems(Map.of(name, rest)).overrideConfiguration(limits));
              items.addAll(response.responses().getOrDefault(name, List.of()));
              return response.unprocessedKeys().values().stream()
                  .flatMap(keys -> keys.keys().stream())
                  .toList();
            });
    if (!left.isEmpty() && !mayMiss) {
      throw new RetryableFailureException(
          "%d of %d items were not read: %s".formatted(left.size(), asked.keys().size(), reason));
    }
    return items;
  }

  /** A write request that was not done; {@code mayHeal} if it may succeed later. */
  record Refusal(WriteRequest request, boolean mayHeal, String reason) {}

  /** Puts and deletes in any order, at most one per key; returns those that were not done. */
  List<Refusal> write(List<WriteRequest> requests, Deadline deadline) {
    return Parallel.inChunks(
        executor, requests, WRITES_A_CALL, chunk -> writeChunk(chunk, deadline));
  }

  static WriteRequest putRequest(Map<String, AttributeValue> item) {
    return WriteRequest.builder().putRequest(PutRequest.builder().item(item).build()).build();
  }

  static WriteRequest deleteRequest(Key key) {
    return WriteRequest.builder().deleteRequest(delete -> delete.key(key.attributes())).build();
  }

  private List<Refusal> writeChunk(List<WriteRequest> chunk, Deadline deadline) {
    List<WriteRequest> left = new ArrayList<>(chunk);
    String reason;
    try {
      reason =
          repeat(
              "dynamodb:BatchWriteItem",
              left,
              deadline,
              limits ->
                  client
                      .batchWriteItem(
                          request ->
                              request
                                  .requestItems(Map.of(name, left))
                                  .overrideConfiguration(limits))
                      .unprocessedItems()
                      .getOrDefault(name, List.of()));
    } catch (DynamoDbException e) {
      return isolate(left, e, deadline);
    }
    return left.stream().map(request -> new Refusal(request, true, reason)).toList();
  }

  /** One invalid item fails the whole call: halves it until only that item fails. */
  private List<Refusal> isolate(
      List<WriteRequest> requests, DynamoDbException failure, Deadline deadline) {
    if (requests.size() == 1) {
      return List.of(new Refusal(requests.get(0), false, message(failure)));
    }
    int half = requests.size() / 2;
    List<Refusal> refusals =
        new ArrayList<>(writeChunk(List.copyOf(requests.subList(0, half)), deadline));
    refusals.addAll(writeChunk(List.copyOf(requests.subList(half, requests.size())), deadline));
    return refusals;
  }

  /**
   * Repeats a call that has used up its attempts as long as DynamoDB makes progress. Ends at the
   * deadline at the latest, after which calls fail at once.
   *
   * @param left what is to be done; afterwards, what could not be done
   * @param attempt requests all that is left and returns what was not done
   * @return why something is left, if so
   */
  private <T> String repeat(
      String operation, List<T> left, Deadline deadline, AwsCalls.Attempt<List<T>> attempt) {
    String reason = "DynamoDB is throttling table '" + name + "'";
    int before;
    do {
      before = left.size();
      try {
        call(
            operation,
            deadline,
            limits -> {
              List<T> unprocessed = attempt.run(limits);
              left.clear();
              left.addAll(unprocessed);
              return left;
            },
            List::isEmpty);
      } catch (RetryableFailureException e) {
        reason = String.valueOf(e.getMessage());
      }
    } while (!left.isEmpty() && left.size() < before);
    return reason;
  }

  <T> void inParallel(List<T> things, Consumer<T> work) {
    Parallel.map(
        executor,
        things,
        thing -> {
          work.accept(thing);
          return true;
        });
  }

  void put(Map<String, AttributeValue> item, Deadline deadline) {
    call(
        "dynamodb:PutItem",
        deadline,
        limits ->
            client.putItem(
                request -> request.tableName(name).item(item).overrideConfiguration(limits)));
  }

  /** Updates one item; false if its condition did not hold. */
  boolean update(Key key, Consumer<UpdateItemRequest.Builder> update, Deadline deadline) {
    try {
      call(
          "dynamodb:UpdateItem",
          deadline,
          limits ->
              client.updateItem(
                  request ->
                      request
                          .tableName(name)
                          .key(key.attributes())
                          .applyMutation(update)
                          .overrideConfiguration(limits)));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  /** Reads a query page by page until {@code consumer} returns false. */
  void query(
      Function<QueryRequest.Builder, QueryRequest.Builder> query,
      Predicate<List<Map<String, AttributeValue>>> consumer,
      Deadline deadline) {
    query(query, consumer, () -> null, deadline);
  }

  /**
   * Reads a query page by page until {@code consumer} returns false.
   *
   * @param itemsOfNext the most items of the page after one that was consumed; null for the same
   */
  void query(
      Function<QueryRequest.Builder, QueryRequest.Builder> query,
      Predicate<List<Map<String, AttributeValue>>> consumer,
      Supplier<@Nullable Integer> itemsOfNext,
      Deadline deadline) {
    QueryRequest.Builder request = query.apply(QueryRequest.builder().tableName(name));
    QueryResponse response;
    do {
      response =
          call(
              "dynamodb:Query",
              deadline,
              limits -> client.query(request.overrideConfiguration(limits).build()));
      if (!consumer.test(response.items())) {
        return;
      }
      Integer items = itemsOfNext.get();
      if (items != null) {
        request.limit(items);
      }
      request.exclusiveStartKey(response.lastEvaluatedKey());
    } while (!response.lastEvaluatedKey().isEmpty());
  }

  /** Reads all pages of a query of one partition, the sort keys in [{@code low}, {@code high}]. */
  List<Map<String, AttributeValue>> range(
      String partition, String low, String high, boolean consistent, Deadline deadline) {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    query(
        query -> between(query, partition, low, high).consistentRead(consistent),
        page -> items.addAll(page) || page.isEmpty(),
        deadline);
    return items;
  }

  static QueryRequest.Builder between(
      QueryRequest.Builder query, String partition, String low, String high) {
    return query
        .keyConditionExpression("#partition = :partition AND #sort BETWEEN :low AND :high")
        .expressionAttributeNames(
            Map.of("#partition", Attributes.PARTITION, "#sort", Attributes.SORT))
        .expressionAttributeValues(
            Map.of(
                ":partition", Attributes.text(partition),
                ":low", Attributes.text(low),
                ":high", Attributes.text(high)));
  }

  private <T> T call(String operation, Deadline deadline, AwsCalls.Attempt<T> attempt) {
    return call(operation, deadline, attempt, result -> true);
  }

  /** Throws DynamoDB's own exception only if it is about an item. */
  private <T> T call(
      String operation,
      Deadline deadline,
      AwsCalls.Attempt<T> attempt,
      Predicate<? super T> complete) {
    try {
      return calls.call(operation, deadline, attempt, complete);
    } catch (DynamoDbException e) {
      if (e instanceof ConditionalCheckFailedException || isValidation(e)) {
        throw e;
      }
      // Such as a missing permission or table: not about an item.
      throw AwsFailures.refusal("%s of table '%s'".formatted(operation, name), e);
    }
  }

  private static boolean isValidation(DynamoDbException failure) {
    return failure.awsErrorDetails() != null
        && VALIDATION.equals(failure.awsErrorDetails().errorCode());
  }

  static String message(DynamoDbException failure) {
    return failure.awsErrorDetails() == null
        ? String.valueOf(failure.getMessage())
        : failure.awsErrorDetails().errorMessage();
  }
}
