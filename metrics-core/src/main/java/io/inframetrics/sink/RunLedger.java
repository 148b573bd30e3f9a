package io.inframetrics.sink;

import io.inframetrics.metric.MetricType;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps what one run leaves for the next. */
public interface RunLedger {

  /** Marks a raw file as processed; a later mark of the same key replaces an earlier one. */
  void markProcessed(ProcessedMark mark, Deadline deadline);

  /** The marks of at most {@value #MAX_KEYS} keys, by key; keys without a mark are missing. */
  Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline);

  /** How far {@code type} is collected: the end of the last window with all its data stored. */
  Optional<Instant> collectedUntil(MetricType type, Deadline deadline);

  /** Moves the mark of {@code type} forward to {@code until}, never back. */
  void advanceCollectedUntil(MetricType type, Instant until, Deadline deadline);

  /** The marks that the last run of {@code analysis} left, in any order. */
  List<AnalysisMark> analysisMarks(String analysis, Deadline deadline);

  void replaceAnalysisMarks(String analysis, List<AnalysisMark> marks, Deadline deadline);

  /**
   * What analyses learned about at most {@value #MAX_KEYS} series, by series id; series about which
   * nothing is stored are missing.
   */
  Map<String, byte[]> learned(Collection<String> seriesIds, Deadline deadline);

  /**
   * Replaces what is stored about these series, a few kilobytes each. It may be lost after two
   * months, or at any time: then it is learned again.
   */
  void learn(Map<String, byte[]> bySeriesId, Deadline deadline);

  /**
   * Keys in one call: the limit of DynamoDB's BatchGetItem.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html">BatchGetItem</a>
   */
  int MAX_KEYS = 100;

  /**
   * A processed file: {@code accepted} lines are records, {@code refused} lines are in quarantine.
   */
  record ProcessedMark(String key, long accepted, long refused, Instant processedAt) {}
}
