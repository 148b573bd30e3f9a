package io.inframetrics.cli.series;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.series.RecordedSeries.Row;
import io.inframetrics.text.Texts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers of {@code aws cloudwatch get-metric-data} and {@code get-metric-statistics}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html">GetMetricData</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html">GetMetricStatistics</a>
 */
final class AwsMetricJson {

  private static final String RESULTS = "MetricDataResults";
  private static final String POINTS = "Datapoints";
  private static final String TIMESTAMP = "Timestamp";
  private static final String UNIT = "Unit";
  private static final String EXTENDED = "ExtendedStatistics";
  private static final String COMPLETE = "Complete";

  private final Path file;
  private final List<Row> rows = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private AwsMetricJson(Path file) {
    this.file = file;
  }

  /** Every metric of an answer, by its label; of two with one label, both have their id added. */
  static Map<String, RecordedSeries> readAll(Path file, String text) {
    JsonNode json = InputFile.json(file, text);
    if (!json.path(RESULTS).isArray()) {
      return Map.of(json.path("Label").asString(""), read(file, json));
    }
    Map<String, ArrayNode> byId = new LinkedHashMap<>();
    Map<String, Set<String>> ids = new HashMap<>();
    for (JsonNode result : json.path(RESULTS)) {
      String id = result.path("Id").asString("");
      byId.computeIfAbsent(id, one -> InputFile.JSON.createArrayNode()).add(result);
      ids.computeIfAbsent(result.path("Label").asString(""), label -> new TreeSet<>()).add(id);
    }
    Map<String, RecordedSeries> all = new LinkedHashMap<>();
    byId.forEach(
        (id, pages) -> {
          String label = pages.path(0).path("Label").asString("");
          ObjectNode one = InputFile.JSON.createObjectNode();
          one.set(RESULTS, pages);
          one.set("NextToken", json.path("NextToken"));
          boolean unique = !label.isEmpty() && ids.getOrDefault(label, Set.of()).size() == 1;
          all.put(unique ? label : (label + " " + id).strip(), read(file, one));
        });
    return all;
  }

  static RecordedSeries read(Path file, String text) {
    return read(file, InputFile.json(file, text));
  }

  private static RecordedSeries read(Path file, JsonNode json) {
    AwsMetricJson reader = new AwsMetricJson(file);
    if (json.path(RESULTS).isArray()) {
      reader.results(json);
    } else if (json.path(POINTS).isArray()) {
      reader.points(json.path(POINTS));
    } else {
      throw reader.mistake(
          ("is JSON without '%s' or '%s': use the whole output of 'aws cloudwatch get-metric-data' or"
                  + " 'get-metric-statistics'")
              .formatted(RESULTS, POINTS));
    }
    if (reader.rows.isEmpty()) {
      reader.warn("has no data points: check the namespace, dimensions and period of the request");
    }
    return RecordedSeries.sorted(file, reader.rows, reader.warnings, false);
  }

  private void results(JsonNode json) {
    // A metric that took several pages of answers is there once for each page.
    Map<String, List<JsonNode>> byId = new LinkedHashMap<>();
    for (JsonNode result : json.path(RESULTS)) {
      byId.computeIfAbsent(result.path("Id").asString(""), id -> new ArrayList<>()).add(result);
    }
    Map<String, List<JsonNode>> withPoints = new LinkedHashMap<>(byId);
    withPoints.values().removeIf(pages -> pages.stream().allMatch(AwsMetricJson::isEmpty));
    if (withPoints.size() > 1) {
      List<String> names =
          withPoints.values().stream()
              .map(pages -> pages.get(0))
              .map(page -> named(page.path("Id")) + " (" + page.path("Label").asString("") + ")")
              .toList();
      throw mistake(
          "has %d metrics, %s: request one, with one entry in --metric-data-queries"
              .formatted(names.size(), some(names)));
    }
    for (List<JsonNode> pages : (withPoints.isEmpty() ? byId : withPoints).values()) {
      Set<String> states = new TreeSet<>();
      for (JsonNode page : pages) {
        page(page);
        states.add(page.path("StatusCode").asString(COMPLETE));
      }
      if (!states.contains(COMPLETE)) {
        warn("says StatusCode %s: points may be missing".formatted(String.join(", ", states)));
      }
    }
    if (!json.path("NextToken").asString("").isEmpty()) {
      warn("has a NextToken: it is one page, and points of further pages are missing");
    }
  }

  private static boolean isEmpty(JsonNode result) {
    return result.path("Timestamps").isEmpty() && result.path("Values").isEmpty();
  }

  private void page(JsonNode result) {
    JsonNode times = result.path("Timestamps");
    JsonNode values = result.path("Values");
    if (times.size() != values.size()) {
      throw mistake(
          "has %d Timestamps and %d Values of %s: save the whole output again"
              .formatted(times.size(), values.size(), named(result.path("Id"))));
    }
    for (int i = 0; i < times.size(); i++) {
      add(times.path(i), values.path(i));
    }
  }

  private void points(JsonNode points) {
    Set<String> statistics = new TreeSet<>();
    Set<String> units = new TreeSet<>();
    for (JsonNode point : points) {
      statistics.addAll(point.propertyNames());
      statistics.addAll(point.path(EXTENDED).propertyNames());
      units.add(point.path(UNIT).asString("None"));
    }
    statistics.removeAll(Set.of(TIMESTAMP, UNIT, EXTENDED));
    if (statistics.size() > 1) {
      throw mistake(
          "has the statistics %s: request one with --statistics or --extended-statistics"
              .formatted(String.join(", ", statistics)));
    }
    if (units.size() > 1) {
      throw mistake(
          "has the units %s: request one with --unit".formatted(String.join(", ", units)));
    }
    for (JsonNode point : points) {
      for (String statistic : statistics) {
        add(
            point.path(TIMESTAMP),
            point.has(statistic) ? point.path(statistic) : point.path(EXTENDED).path(statistic));
      }
    }
  }

  private void add(JsonNode timeNode, JsonNode valueNode) {
    int number = rows.size() + 1;
    String timeText = timeNode.asString("");
    Timestamp time = Timestamp.parse(timeText);
    if (time == null) {
      throw mistake(
          "has %s as the timestamp of point %d: %s"
              .formatted(Texts.excerpt(timeNode.toString(), 60), number, Timestamp.FORMS));
    }
    String valueText = valueNode.asString("");
    Quantity value = valueNode.isMissingNode() ? null : Quantity.parse(valueText);
    if (value == null || !value.unit().isEmpty()) {
      throw mistake(
          "has %s as the value of point %d: it must be a number"
              .formatted(Texts.excerpt(valueNode.toString(), 60), number));
    }
    rows.add(new Row(rows.size(), timeText, value.text(), time.time(), value.number()));
  }

  private static String named(JsonNode id) {
    return "'" + id.asString("") + "'";
  }

  static String some(List<String> names) {
    return Texts.oneLine(String.join(", ", names), 200);
  }

  private void warn(String what) {
    warnings.add("file '%s' %s".formatted(file, what));
  }

  private UsageException mistake(String what) {
    return new UsageException("file '%s' ".formatted(file) + what);
  }
}
