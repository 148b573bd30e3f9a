package io.inframetrics.integration.athena;

import io.inframetrics.encode.JsonLinesReader;
import io.inframetrics.encode.Line;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table in Athena.
 *
 * @param values by column
 * @param day the partition, such as {@code 2026/02/19}
 */
record Row(Map<String, Object> values, String day) {

  /** The rows of a copy, whose lines are known to be well-formed; read without Trino. */
  static List<Row> of(byte[] lines, String day) {
    List<Row> rows = new ArrayList<>();
    CollectionRun none = new CollectionRun("none", Instant.EPOCH);
    try (JsonLinesReader reader = new JsonLinesReader(new ByteArrayInputStream(lines), none)) {
      Line line;
      while ((line = reader.next()) != null) {
        rows.add(new Row(values(((Line.Good) line).metric()), day));
      }
    }
    return rows;
  }

  /** The columns of these records by their ids. */
  static SortedMap<String, Map<String, Object>> ofRecords(List<Metric> records) {
    SortedMap<String, Map<String, Object>> rows = new TreeMap<>();
    records.forEach(metric -> rows.put(metric.id(), values(metric)));
    return rows;
  }

  /** The columns of the rows that the queries keep, by their metric_id. */
  static SortedMap<String, Map<String, Object>> kept(List<Row> rows) {
    SortedMap<String, Map<String, Object>> kept = new TreeMap<>();
    for (Row row : rows) {
      kept.merge(
          (String) row.values().get("metric_id"),
          row.values(),
          BinaryOperator.maxBy(
              Comparator.comparing(
                      (Map<String, Object> values) -> (String) values.get("collected_at"))
                  .thenComparing(values -> (String) values.get("run_id"))
                  .thenComparing(values -> (Double) values.get("value") + 0.0)));
    }
    return kept;
  }

  private static Map<String, Object> values(Metric metric) {
    Map<String, Object> values = new TreeMap<>();
    values.put("metric_id", metric.id());
    values.put("metric_type", metric.series().type().name());
    values.put("timestamp", metric.timestamp().getEpochSecond());
    values.put("value", metric.value());
    values.put("unit", metric.unit().wireName());
    values.put("instance_id", metric.series().instanceId());
    values.put("region", metric.region());
    values.put("run_id", metric.run().runId());
    values.put("collected_at", metric.run().observedAt().toString());
    if (!metric.series().dimensions().isEmpty()) {
      values.put("dimensions", metric.series().dimensions());
    }
    return values;
  }

  @Nullable Object get(String column) {
    return values.get(column);
  }
}
