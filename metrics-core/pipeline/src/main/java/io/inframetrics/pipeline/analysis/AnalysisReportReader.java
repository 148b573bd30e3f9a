package io.inframetrics.pipeline.analysis;

import io.inframetrics.sink.AnalysisMark;
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
 * The marks that a run started from, read out of its report. With them a second try of a run
 * reports the same as the first, although the ledger has later marks by then. They stand near the
 * beginning, so the series are never read.
 */
final class AnalysisReportReader {

  private static final JsonFactory JSON = new JsonFactory();

  private AnalysisReportReader() {}

  /** The marks in {@code open_before}; empty if this is not a report, or that of another run. */
  static Optional<List<AnalysisMark>> openBefore(InputStream report, String runId) {
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
          return sameRun ? Optional.of(marks(json)) : Optional.empty();
        } else {
          json.skipChildren();
        }
      }
      return Optional.empty();
    }
  }

  private static List<AnalysisMark> marks(JsonParser json) {
    List<AnalysisMark> marks = new ArrayList<>();
    while (json.nextToken() == JsonToken.START_OBJECT) {
      String seriesId = "";
      String detector = "";
      Instant at = Instant.EPOCH;
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        json.nextToken();
        switch (name) {
          case "series_id" -> seriesId = json.getString();
          case "detector" -> detector = json.getString();
          case "start" -> at = Instant.parse(json.getString());
          default -> json.skipChildren();
        }
      }
      marks.add(AnalysisMark.stored(seriesId, detector, at));
    }
    return marks;
  }
}
