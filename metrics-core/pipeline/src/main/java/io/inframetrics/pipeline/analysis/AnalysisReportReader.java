package io.inframetrics.pipeline.analysis;

import io.inframetrics.sink.RunLedger.OpenFinding;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads out of a report what the run started from. That is how a second try of a run tells the same
 * as the first: the ledger has moved on by then, {@code open_before} has not. It stands near the
 * beginning, so the series are never read.
 */
final class AnalysisReportReader {

  private static final JsonFactory JSON = new JsonFactory();

  private AnalysisReportReader() {}

  /**
   * What a run started from, out of its report.
   *
   * @return empty if the report is of another run, or is none
   */
  static Optional<List<OpenFinding>> openBefore(InputStream report, String runId) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), report)) {
      boolean sameRun = false;
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals("run_id")) {
          sameRun = runId.equals(json.getValueAsString());
        } else if (name.equals("open_before")) {
          return sameRun ? Optional.of(openFindings(json)) : Optional.empty();
        } else {
          json.skipChildren();
        }
      }
      return Optional.empty();
    }
  }

  private static List<OpenFinding> openFindings(JsonParser json) {
    List<OpenFinding> findings = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String seriesId = "";
      String detector = "";
      Instant start = Instant.EPOCH;
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "series_id" -> seriesId = json.getString();
          case "detector" -> detector = json.getString();
          case "start" -> start = Instant.parse(json.getString());
          default -> json.skipChildren();
        }
      }
      findings.add(new OpenFinding(seriesId, detector, start));
    }
    return findings;
  }
}
