package io.inframetrics.pipeline.report;

import io.inframetrics.pipeline.report.ReportedFinding.Identity;
import io.inframetrics.sink.AnalysisMark;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * What one analysis of a run found, read out of its report without its series.
 *
 * @param failed whether the analysis failed, so that nothing is known
 * @param findings in the order of the report
 * @param known findings that are there, on their own or as members of another
 * @param openBefore findings that earlier runs left open
 * @param over findings that this run knows to be over
 * @param counts of series and points, by their names in the report
 */
record AnalysisOutcome(
    String analysis,
    boolean failed,
    List<ReportedFinding> findings,
    Set<Identity> known,
    Set<Identity> openBefore,
    Set<Identity> over,
    Map<String, Long> counts) {

  private static final JsonFactory JSON = new JsonFactory();

  static AnalysisOutcome failed(String analysis) {
    return new AnalysisOutcome(analysis, true, List.of(), Set.of(), Set.of(), Set.of(), Map.of());
  }

  static AnalysisOutcome read(String analysis, InputStream report) {
    List<ReportedFinding> findings = new ArrayList<>();
    Set<Identity> known = new HashSet<>();
    Set<Identity> openBefore = new HashSet<>();
    Set<Identity> over = new HashSet<>();
    Map<String, Long> counts = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), report)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new StreamReadException(json, "not a JSON object");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        if (value == JsonToken.VALUE_NUMBER_INT) {
          counts.put(name, json.getLongValue());
        } else if (value != JsonToken.START_ARRAY || name.equals("series")) {
          json.skipChildren();
        } else {
          while (json.nextToken() != JsonToken.END_ARRAY) {
            for (Map<String, @Nullable Object> element :
                JsonValues.objects(JsonValues.value(json))) {
              switch (name) {
                case "findings" -> {
                  ReportedFinding finding = ReportedFinding.read(analysis, element);
                  findings.add(finding);
                  known.add(finding.identity());
                  JsonValues.objects(element.get("members"))
                      .forEach(member -> known.add(identity(analysis, member)));
                }
                case "open_before" -> addIfOpen(openBefore, analysis, element);
                case "closed", "gone" -> over.add(identity(analysis, element));
                case "failed" -> counts.merge("failures", 1L, Long::sum);
                default -> {
                  // Collections: the health check has reported them.
                }
              }
            }
          }
        }
      }
    }
    return new AnalysisOutcome(analysis, false, findings, known, openBefore, over, counts);
  }

  private static void addIfOpen(
      Set<Identity> openBefore, String analysis, Map<String, @Nullable Object> mark) {
    AnalysisMark stored =
        AnalysisMark.stored(
            JsonValues.text(mark, "series_id"), JsonValues.text(mark, "detector"), Instant.EPOCH);
    if (stored.kind() == AnalysisMark.Kind.OPEN) {
      openBefore.add(new Identity(analysis, stored.seriesId(), stored.detector()));
    }
  }

  private static Identity identity(String analysis, Map<String, @Nullable Object> json) {
    return new Identity(
        analysis, JsonValues.text(json, "series_id"), JsonValues.text(json, "detector"));
  }

  /** Whether a finding of the run before may go on, although this run did not look. */
  boolean mayGoOn(ReportedFinding before) {
    Identity identity = before.identity();
    return before.ongoing()
        && before.analysis().equals(analysis)
        && (failed
            || (openBefore.contains(identity)
                && !known.contains(identity)
                && !over.contains(identity)));
  }
}
