package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Stores the marks of files, types and analyses in the table. */
final class DynamoDbRunLedger implements RunLedger {

  private static final String PROCESSED = "@processed#";
  private static final String COLLECTED = "@collected#";
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
}
