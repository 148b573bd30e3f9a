package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Stores the marks of files, types and analyses in the table. */
final class DynamoDbRunLedger implements RunLedger {

  private static final String PROCESSED = "@processed#";
  private static final String COLLECTED = "@collected#";
  private static final String LEARNED = "@learned#";
  private static final String DATA = "data";

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
    Map<String, byte[]> found = new HashMap<>();
    Instant now = clock.instant();
    List<Key> asked = seriesIds.stream().map(DynamoDbRunLedger::learnedKey).toList();
    // Eventually consistent, at half the price: it was written by an earlier run.
    for (Map<String, AttributeValue> item : table.get(asked, false, deadline)) {
      if (!Attributes.isExpired(item, now)) {
        found.put(
            Key.of(item).partition().substring(LEARNED.length()), Attributes.bytes(item, DATA));
      }
    }
    return found;
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

  private static Key learnedKey(String seriesId) {
    return new Key(LEARNED + seriesId, Key.ALONE);
  }
}
