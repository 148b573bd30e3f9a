package io.inframetrics.cli.page;

import io.inframetrics.cli.monitor.RunRecords;
import io.inframetrics.cli.series.RecordedStores;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The documents of a run whose charts are not kept any more. They are made again in memory, by the
 * analyses themselves: a second try of a run judges by what its report says it began with, and
 * writes the same charts from the same records. Nothing in the folder changes.
 */
final class EarlierRun implements DocumentStore {

  private static final Logger LOG = LoggerFactory.getLogger(EarlierRun.class);

  private static final Duration ANALYZING = Duration.ofMinutes(5);

  private final DocumentStore folder;
  private final RecordedStores memory = new RecordedStores(List.of());

  private EarlierRun(DocumentStore folder) {
    this.folder = folder;
  }

  /** The documents of a run in a data folder; without charts if its records are gone, too. */
  static DocumentStore documents(
      Path data, RunRecords records, JsonNode run, AnalysisSettings settings, Clock clock) {
    RecordedRun recorded = RecordedRun.of(run, key -> Optional.empty());
    String charts = AnalyzeMetrics.chartsKey(recorded.runId(), recorded.observedAt());
    List<CollectionResult> collections = collections(run, recorded);
    if (recorded.reportKey() == null || collections.isEmpty() || records.text(charts).isPresent()) {
      return records.documents();
    }
    EarlierRun documents = new EarlierRun(records.documents());
    try {
      return LocalStores.readHistory(
          data,
          clock,
          history -> {
            documents.analyze(history, recorded.runId(), collections, settings, clock);
            return documents;
          });
    } catch (RuntimeException e) {
      LOG.warn("the charts of run {} cannot be made again", recorded.runId(), e);
      return records.documents();
    }
  }

  private void analyze(
      MetricHistory history,
      String runId,
      List<CollectionResult> collections,
      AnalysisSettings settings,
      Clock clock) {
    AnalyzeMetrics analyze = new AnalyzeMetrics(history, memory, this, settings, clock);
    for (String analysis : List.of(AnalyzeMetrics.ANOMALIES, AnalyzeMetrics.FORECAST)) {
      var unused =
          analyze.analyze(
              new AnalyzeMetrics.Request(analysis, runId, collections),
              Deadline.after(ANALYZING, clock));
    }
  }

  /** What the run collected, as far as the analyses ask. */
  private static List<CollectionResult> collections(JsonNode run, RecordedRun recorded) {
    List<CollectionResult> collections = new ArrayList<>();
    for (JsonNode collection : run.path("output").path("collections")) {
      List<CollectedObject> objects = new ArrayList<>();
      for (JsonNode object : collection.path("objects")) {
        String type = object.path("metric_type").asString("");
        if (MetricType.isValid(type)) {
          objects.add(
              new CollectedObject(
                  object.path("key").asString(""),
                  new MetricType(type),
                  object.path("metric_count").asLong(0)));
        }
      }
      if (!objects.isEmpty()) {
        collections.add(
            new CollectionResult(
                Texts.oneLine(collection.path("metric_type").asString("")),
                recorded.runId(),
                observedAt(collection, recorded),
                null,
                CollectionResult.Status.COLLECTED,
                objects,
                List.of(),
                null));
      }
    }
    return collections;
  }

  private static Instant observedAt(JsonNode collection, RecordedRun recorded) {
    String text = collection.path("observed_at").asString("");
    return text.isEmpty() ? recorded.observedAt() : Instant.parse(text);
  }

  @Override
  public StagedObject<String> create(String key, Deadline deadline) {
    return memory.create(key, deadline);
  }

  /** What the folder has comes first: the reports are those that people were notified of. */
  @Override
  public Optional<StoredObject> open(String key, Deadline deadline) {
    Optional<StoredObject> kept = folder.open(key, deadline);
    return kept.isPresent() ? kept : memory.open(key, deadline);
  }

  @Override
  public List<String> list(String prefix, Deadline deadline) {
    return folder.list(prefix, deadline);
  }

  @Override
  public void move(String from, String to, Deadline deadline) {
    folder.move(from, to, deadline);
  }
}
