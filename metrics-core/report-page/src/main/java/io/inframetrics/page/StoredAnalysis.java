package io.inframetrics.page;

import static io.inframetrics.pipeline.report.JsonValues.number;
import static io.inframetrics.pipeline.report.JsonValues.objects;
import static io.inframetrics.pipeline.report.JsonValues.text;

import io.inframetrics.pipeline.report.JsonValues;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * What the report of one analysis has beside the run's report, without its series.
 *
 * @param findings with their members, by series and detector
 * @param failures what could not be read, and why
 * @param skipped series and types that there was no time for
 * @param notJudged series with too few points, at most {@value #MAX_NAMES}, and how many points
 *     each needs
 * @param problem why the report could not be read to its end; empty if it could
 */
record StoredAnalysis(
    Map<String, Map<String, @Nullable Object>> findings,
    List<String> failures,
    List<String> skipped,
    Map<String, Long> notJudged,
    String problem) {

  /** Names of a list that the page shows. */
  static final int MAX_NAMES = 50;

  private static final JsonFactory JSON = new JsonFactory();

  static StoredAnalysis empty() {
    return new StoredAnalysis(
        new HashMap<>(), new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>(), "");
  }

  private StoredAnalysis withProblem(String words) {
    return new StoredAnalysis(findings, failures, skipped, notJudged, words);
  }

  static StoredAnalysis read(String key, DocumentStore documents, Deadline deadline) {
    StoredAnalysis analysis = empty();
    Optional<StoredObject> object = documents.open(key, deadline);
    if (object.isEmpty()) {
      return analysis.withProblem("report '%s' does not exist".formatted(key));
    }
    try (StoredObject report = object.get();
        JsonParser json = JSON.createParser(ObjectReadContext.empty(), report.body())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        if (json.nextToken() != JsonToken.START_ARRAY) {
          json.skipChildren();
          continue;
        }
        switch (name) {
          case "series" -> analysis.readSeries(json);
          case "findings" -> analysis.readFindings(json);
          case "failed" -> {
            for (Map<String, @Nullable Object> one : objects(JsonValues.value(json))) {
              analysis.failures.add(text(one, "what") + ": " + text(one, "reason"));
            }
          }
          case "types_skipped", "skipped" -> {
            if (JsonValues.value(json) instanceof List<?> names) {
              names.forEach(one -> analysis.skipped.add(String.valueOf(one)));
            }
          }
          default -> json.skipChildren();
        }
      }
      return analysis;
    } catch (JacksonIOException e) {
      throw e;
    } catch (JacksonException e) {
      // Half of a report is better than none, if the page says so.
      return analysis.withProblem(
          "report '%s' cannot be read: %s".formatted(key, Texts.jsonMistake(e)));
    }
  }

  private void readSeries(JsonParser json) {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String id = "";
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals("series_id")) {
          id = json.getString();
        } else if (name.equals("points_missing") && notJudged.size() < MAX_NAMES) {
          notJudged.put(id, json.getLongValue());
        } else {
          json.skipChildren();
        }
      }
    }
  }

  private void readFindings(JsonParser json) {
    while (json.nextToken() == JsonToken.START_OBJECT) {
      for (Map<String, @Nullable Object> finding : objects(JsonValues.value(json))) {
        findings.put(identity(text(finding, "series_id"), text(finding, "detector")), finding);
      }
    }
  }

  /** The object that a document is; empty if it is not one. */
  static Map<String, @Nullable Object> object(JsonParser json) {
    return json.nextToken() == JsonToken.START_OBJECT
        ? objects(JsonValues.value(json)).get(0)
        : Map.of();
  }

  static String identity(String seriesId, String detector) {
    return detector + " " + seriesId;
  }

  List<Map<String, @Nullable Object>> members(String seriesId, String detector) {
    Map<String, @Nullable Object> finding = findings.get(identity(seriesId, detector));
    return finding == null ? List.of() : objects(finding.get("members"));
  }

  /** The forecast of a finding; empty if it has none. */
  Map<String, @Nullable Object> forecast(String seriesId, String detector) {
    Map<String, @Nullable Object> finding = findings.get(identity(seriesId, detector));
    List<Map<String, @Nullable Object>> forecasts =
        finding == null ? List.of() : objects(finding.get("forecast"));
    return forecasts.isEmpty() ? Map.of() : forecasts.get(0);
  }

  static long count(Map<String, @Nullable Object> json, String name) {
    Number count = number(json, name);
    return count == null ? 0 : count.longValue();
  }
}
