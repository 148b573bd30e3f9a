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

  /** The findings of an analysis that its last run left open, in any order. */
  List<OpenFinding> openFindings(String analysis, Deadline deadline);

  /** Makes {@code findings}, and nothing else, the open findings of {@code analysis}. */
  void replaceOpenFindings(String analysis, List<OpenFinding> findings, Deadline deadline);

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

  /**
   * A finding that goes on, or what else an analysis remembers of a series for the next run. A
   * ledger keeps it as it is.
   *
   * @param seriesId the series that it is about
   * @param detector that found it, or a name that only the analysis understands
   * @param start of the incident
   */
  record OpenFinding(String seriesId, String detector, Instant start) {}
}
