package io.inframetrics.testkit.memory;

import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The ledger in memory. Thread-safe. */
public final class InMemoryRunLedger implements RunLedger {

  private final ConcurrentMap<String, ProcessedMark> marks = new ConcurrentHashMap<>();
  private final ConcurrentMap<MetricType, Instant> until = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, List<AnalysisMark>> ofAnalyses = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, byte[]> learned = new ConcurrentHashMap<>();
  private final Faults faults;

  public InMemoryRunLedger() {
    this(new Faults());
  }

  public InMemoryRunLedger(Faults faults) {
    this.faults = faults;
  }

  @Override
  public void markProcessed(ProcessedMark mark, Deadline deadline) {
    faults.aroundRun(Operation.LEDGER_MARK, () -> marks.put(mark.key(), mark));
  }

  @Override
  public Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline) {
    if (keys.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "%d keys are requested at once: use at most %d".formatted(keys.size(), MAX_KEYS));
    }
    return faults.around(
        Operation.LEDGER_PROCESSED,
        () -> {
          Map<String, ProcessedMark> found = new TreeMap<>();
          for (String key : keys) {
            ProcessedMark mark = marks.get(key);
            if (mark != null) {
              found.put(key, mark);
            }
          }
          return found;
        });
  }

  @Override
  public Optional<Instant> collectedUntil(MetricType type, Deadline deadline) {
    return faults.around(
        Operation.LEDGER_COLLECTED_UNTIL, () -> Optional.ofNullable(until.get(type)));
  }

  @Override
  public void advanceCollectedUntil(MetricType type, Instant instant, Deadline deadline) {
    faults.aroundRun(
        Operation.LEDGER_ADVANCE,
        () -> until.merge(type, instant, (old, now) -> now.isAfter(old) ? now : old));
  }

  @Override
  public List<AnalysisMark> analysisMarks(String analysis, Deadline deadline) {
    return faults.around(
        Operation.LEDGER_FINDINGS, () -> ofAnalyses.getOrDefault(analysis, List.of()));
  }

  @Override
  public void replaceAnalysisMarks(String analysis, List<AnalysisMark> left, Deadline deadline) {
    faults.aroundRun(
        Operation.LEDGER_REPLACE_FINDINGS, () -> ofAnalyses.put(analysis, List.copyOf(left)));
  }

  @Override
  public Map<String, byte[]> learned(Collection<String> seriesIds, Deadline deadline) {
    if (seriesIds.size() > MAX_KEYS) {
      throw new IllegalArgumentException(
          "%d series are requested at once: use at most %d".formatted(seriesIds.size(), MAX_KEYS));
    }
    return faults.around(
        Operation.LEDGER_LEARNED,
        () -> {
          Map<String, byte[]> found = new TreeMap<>();
          for (String id : seriesIds) {
            byte[] data = learned.get(id);
            if (data != null) {
              found.put(id, data.clone());
            }
          }
          return found;
        });
  }

  @Override
  public void learn(Map<String, byte[]> bySeriesId, Deadline deadline) {
    faults.aroundRun(
        Operation.LEDGER_LEARN,
        () -> bySeriesId.forEach((id, data) -> learned.put(id, data.clone())));
  }

  public SortedMap<String, ProcessedMark> marks() {
    return new TreeMap<>(marks);
  }
}
