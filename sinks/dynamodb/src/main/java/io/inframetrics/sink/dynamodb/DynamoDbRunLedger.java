package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.time.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Stores the marks of files, types and analyses in the table. */
final class DynamoDbRunLedger implements RunLedger {

  private static final String PROCESSED = "@processed#";
  private static final String COLLECTED = "@collected#";
  private static final String LEARNED = "@learned#";
  private static final String DATA = "data";

  /**
   * The most bytes of a sort key.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys">Partition
   *     keys and sort keys</a>
   */
  private static final int MAX_SORT_BYTES = 1_024;

  /** How many items are read for one that was asked for before the others are read by key. */
  private static final int MOST_OTHERS = 2;

  /** Characters of a longer series id in its sort key, before a hash; each has 3 bytes or less. */
  private static final int CUT = 300;

  /** How long something learned is kept: a run that needs it stores it again within weeks. */
  private static final Duration LEARNED_KEPT = Duration.ofDays(60);

  private static final String ACCEPTED = "accepted";
  private static final String REFUSED = "refused";
  private static final String PROCESSED_AT = "processed_at";
  private static final String UNTIL = "until";

  private final Table table;
  private final AnalysisMarks analysisMarks;
  private final Duration retention;
  private final Clock clock;

  DynamoDbRunLedger(Table table, Duration retention, Clock clock) {
    this.table = table;
    this.analysisMarks = new AnalysisMarks(table, retention, clock);
    this.retention = retention;
    this.clock = clock;
  }

  @Override
  public void markProcessed(ProcessedMark mark, Deadline deadline) {
    Map<String, AttributeValue> item = new HashMap<>(processedKey(mark.key()).attributes());
    item.put(ACCEPTED, Attributes.number(mark.accepted()));
    item.put(REFUSED, Attributes.number(mark.refused()));
    item.put(PROCESSED_AT, Attributes.text(mark.processedAt().toString()));
    item.put(
        Attributes.TTL, Attributes.number(mark.processedAt().plus(retention).getEpochSecond()));
    table.put(item, deadline);
  }

  @Override
  public Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline) {
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "%d keys were requested at once: use at most %d".formatted(keys.size(), MAX_KEYS));
    }
    Map<String, ProcessedMark> marks = new HashMap<>();
    Instant now = clock.instant();
    List<Key> asked = keys.stream().map(DynamoDbRunLedger::processedKey).toList();
    for (Map<String, AttributeValue> item : table.get(asked, true, deadline)) {
      if (!Attributes.isExpired(item, now)) {
        String key = Key.of(item).partition().substring(PROCESSED.length());
        marks.put(
            key,
            new ProcessedMark(
                key,
                Attributes.number(item, ACCEPTED),
                Attributes.number(item, REFUSED),
                Instant.parse(Attributes.text(item, PROCESSED_AT))));
      }
    }
    return marks;
  }

  private static Key processedKey(String objectKey) {
    return new Key(PROCESSED + objectKey, Key.ALONE);
  }

  @Override
  public Optional<Instant> collectedUntil(MetricType type, Deadline deadline) {
    return table.get(List.of(collectedKey(type)), true, deadline).stream()
        .map(item -> Instant.ofEpochSecond(Attributes.number(item, UNTIL)))
        .findFirst();
  }

  @Override
  public void advanceCollectedUntil(MetricType type, Instant until, Deadline deadline) {
    // If the condition does not hold, the mark is already there, or further ahead.
    table.update(
        collectedKey(type),
        update ->
            update
                .updateExpression("SET #until = :until")
                .conditionExpression("attribute_not_exists(#until) OR #until < :until")
                .expressionAttributeNames(Map.of("#until", UNTIL))
                .expressionAttributeValues(
                    Map.of(":until", Attributes.number(until.getEpochSecond()))),
        deadline);
  }

  private static Key collectedKey(MetricType type) {
    return new Key(COLLECTED + type.name(), Key.ALONE);
  }

  @Override
  public List<AnalysisMark> analysisMarks(String analysis, Deadline deadline) {
    return analysisMarks.read(analysis, deadline);
  }

  @Override
  public void replaceAnalysisMarks(String analysis, List<AnalysisMark> marks, Deadline deadline) {
    analysisMarks.replace(analysis, marks, deadline);
  }

  @Override
  public Map<String, byte[]> learned(Collection<String> seriesIds, Deadline deadline) {
    if (seriesIds.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "%d series were requested at once: use at most %d".formatted(seriesIds.size(), MAX_KEYS));
    }
    Map<Key, String> asked = new LinkedHashMap<>();
    seriesIds.forEach(id -> asked.put(learnedKey(id), id));
    Map<String, byte[]> found = new ConcurrentHashMap<>();
    Instant now = clock.instant();
    table.inParallel(
        neighbours(asked.keySet()),
        keys ->
            learnedItems(keys, deadline)
                .forEach(
                    item -> {
                      String id = asked.get(Key.of(item));
                      if (id != null && !Attributes.isExpired(item, now)) {
                        found.put(id, Attributes.bytes(item, DATA));
                      }
                    }));
    return found;
  }

  /** The same keys in lists, each of one partition and in ascending order. */
  private static List<List<Key>> neighbours(Collection<Key> keys) {
    List<List<Key>> lists = new ArrayList<>();
    Key last = null;
    for (Key key : keys) {
      boolean follows =
          last != null
              && last.partition().equals(key.partition())
              && Attributes.ORDER.compare(last.sort(), key.sort()) < 0;
      if (!follows) {
        lists.add(new ArrayList<>());
      }
      lists.get(lists.size() - 1).add(key);
      last = key;
    }
    return lists;
  }

  /**
   * The items from the first key to the last, in one query, as a read unit has many of them; if
   * many are of other series, such as those of a fleet that changes daily, the rest by their keys.
   * Eventually consistent, at half the price: it was written by an earlier run.
   */
  private List<Map<String, AttributeValue>> learnedItems(List<Key> keys, Deadline deadline) {
    Key first = keys.get(0);
    int most = MOST_OTHERS * keys.size();
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    table.query(
        query ->
            Table.between(query, first.partition(), first.sort(), keys.get(keys.size() - 1).sort())
                .limit(most),
        page -> {
          items.addAll(page);
          return items.size() < most;
        },
        deadline);
    if (items.size() >= most) {
      String last = Key.of(items.get(items.size() - 1)).sort();
      List<Key> rest =
          keys.stream().filter(key -> Attributes.ORDER.compare(key.sort(), last) > 0).toList();
      items.addAll(table.get(rest, false, deadline));
    }
    return items;
  }

  @Override
  public void learn(Map<String, byte[]> bySeriesId, Deadline deadline) {
    AttributeValue expires = Attributes.number(clock.instant().plus(LEARNED_KEPT).getEpochSecond());
    List<WriteRequest> puts = new ArrayList<>();
    bySeriesId.forEach(
        (id, data) -> {
          Map<String, AttributeValue> item = new HashMap<>(learnedKey(id).attributes());
          item.put(DATA, Attributes.bytes(data));
          item.put(Attributes.TTL, expires);
          puts.add(Table.putRequest(item));
        });
    List<Table.Refusal> refused = table.write(puts, deadline);
    if (!refused.isEmpty()) {
      throw new RetryableFailureException(
          "what was learned about %d of %d series was not stored: %s"
              .formatted(refused.size(), puts.size(), refused.get(0).reason()));
    }
  }

  /** Series of a type stand side by side, so that a query reads many of them for one unit. */
  private static Key learnedKey(String seriesId) {
    String type = seriesId.substring(0, Math.max(0, seriesId.indexOf('#')));
    if (SeriesId.utf8Length(seriesId) <= MAX_SORT_BYTES) {
      return new Key(LEARNED + type, seriesId);
    }
    int cut = Character.isHighSurrogate(seriesId.charAt(CUT - 1)) ? CUT - 1 : CUT;
    String hash = Sha256.hex(Sha256.newDigest().digest(seriesId.getBytes(StandardCharsets.UTF_8)));
    return new Key(LEARNED + type, seriesId.substring(0, cut) + "#" + hash);
  }
}
