package io.inframetrics.page;

import static io.inframetrics.pipeline.report.JsonValues.flag;
import static io.inframetrics.pipeline.report.JsonValues.objects;
import static io.inframetrics.pipeline.report.JsonValues.text;

import io.inframetrics.page.RunView.Check;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * The report of a run, and what the reports of its analyses add.
 *
 * @param report as it is stored; empty if there is none that can be read
 * @param details by the analysis' name
 * @param problem why there is no report, in a sentence; empty if there is one or none is expected
 */
record StoredRun(
    Map<String, @Nullable Object> report, Map<String, StoredAnalysis> details, String problem) {

  private static final JsonFactory JSON = new JsonFactory();

  /** What is stored at {@code key}; null for a run that left no report. */
  static StoredRun read(@Nullable String key, DocumentStore documents, Deadline deadline) {
    if (key == null) {
      return without("");
    }
    Optional<StoredObject> object = documents.open(key, deadline);
    if (object.isEmpty()) {
      return without("The report '%s' does not exist.".formatted(key));
    }
    try (StoredObject stored = object.get();
        JsonParser json = JSON.createParser(ObjectReadContext.empty(), stored.body())) {
      Map<String, @Nullable Object> report = StoredAnalysis.object(json);
      return report.isEmpty()
          ? without("The report '%s' is empty.".formatted(key))
          : new StoredRun(report, details(report, documents, deadline), "");
    } catch (JacksonIOException e) {
      throw e;
    } catch (JacksonException e) {
      return without("The report '%s' cannot be read: %s.".formatted(key, Texts.jsonMistake(e)));
    }
  }

  private static StoredRun without(String problem) {
    return new StoredRun(Map.of(), Map.of(), problem);
  }

  private static Map<String, StoredAnalysis> details(
      Map<String, @Nullable Object> report, DocumentStore documents, Deadline deadline) {
    Map<String, StoredAnalysis> details = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> analysis : objects(report.get("analyses"))) {
      String key = text(analysis, "report_key");
      details.put(
          text(analysis, "analysis"),
          key.isEmpty() ? StoredAnalysis.empty() : StoredAnalysis.read(key, documents, deadline));
    }
    return details;
  }

  boolean isMissing() {
    return report.isEmpty();
  }

  String status() {
    return text(report, "status");
  }

  List<Map<String, @Nullable Object>> findings() {
    return objects(report.get("findings"));
  }

  /** What each analysis answered; its details are those of {@link #details(String)}. */
  List<Map<String, @Nullable Object>> analyses() {
    return objects(report.get("analyses"));
  }

  StoredAnalysis details(String analysis) {
    return details.getOrDefault(analysis, StoredAnalysis.empty());
  }

  Map<String, @Nullable Object> health() {
    List<Map<String, @Nullable Object>> health = objects(report.get("health"));
    return health.isEmpty() ? Map.of() : health.get(0);
  }

  List<Check> checks() {
    return objects(health().get("checks")).stream()
        .map(one -> new Check(text(one, "name"), flag(one, "ok"), text(one, "detail")))
        .toList();
  }
}
