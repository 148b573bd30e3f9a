package io.inframetrics.sink;

import io.inframetrics.metric.MetricType;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What runs remember for one another. */
public interface RunLedger {

  /** Marks a raw file as processed; a later mark of the same key replaces an earlier one. */
  void markProcessed(ProcessedMark mark, Deadline deadline);

  /**
   * The marks of those keys that have one, by key, read at once.
   *
   * @param keys at most {@value #MAX_KEYS}
   */
  Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline);

  /** How far {@code type} is collected: the end of the last window whose data is safe. */
  Optional<Instant> collectedUntil(MetricType type, Deadline deadline);

  /** Moves the mark of {@code type} forward to {@code until}; never back. */
  void advanceCollectedUntil(MetricType type, Instant until, Deadline deadline);

  /** What the last run of {@code analysis} left for the next one, in any order. */
  List<AnalysisMark> analysisMarks(String analysis, Deadline deadline);

  /** Replaces all marks of {@code analysis} by {@code marks}. */
  void replaceAnalysisMarks(String analysis, List<AnalysisMark> marks, Deadline deadline);

  /**
   * Keys in one question: DynamoDB's BatchGetItem has 100.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>
   */
  int MAX_KEYS = 100;

  /**
   * That a raw file was processed.
   *
   * @param key of the raw file
   * @param accepted lines that became records
   * @param refused lines that went to quarantine
   * @param processedAt when
   */
  record ProcessedMark(String key, long accepted, long refused, Instant processedAt) {}
}
