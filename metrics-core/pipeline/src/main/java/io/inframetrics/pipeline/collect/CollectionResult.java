package io.inframetrics.pipeline.collect;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.text.Texts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one collection of a run answered, or that its branch of the workflow failed. {@link
 * CollectMetrics} makes it; the health check and the analyses take those of all branches.
 *
 * @param metricType as requested: the name of a type or {@value MetricType#ALL}; in a failed branch
 *     it may be any text
 * @param runId of the run; null in a failed branch
 * @param observedAt the end of the window; null in a failed branch
 * @param since the start of the window, exclusive, the earliest of all types; null where the result
 *     was read from a payload, which does not carry it
 * @param objects the raw files, one for each type that has new observations; none in a failed
 *     branch
 * @param failures what could not be done and did not stop the collection
 * @param notes what people should know, in at most {@value #MAX_NOTES} sentences: what was left
 *     out, or why there is nothing and what to set
 * @param nothingNew whether there is no object because earlier runs collected all that there is, as
 *     happens where values come late; false where nothing matched
 * @param error why the branch failed; null unless it did
 */
public record CollectionResult(
    String metricType,
    @Nullable String runId,
    @Nullable Instant observedAt,
    @Nullable Instant since,
    Status status,
    List<CollectedObject> objects,
    List<Failure> failures,
    List<String> notes,
    boolean nothingNew,
    @Nullable String error) {

  /** The most notes of a collection. */
  public static final int MAX_NOTES = 3;

  /** How much of what was asked for is collected and stored. */
  public enum Status {
    /** Everything. */
    COLLECTED,
    /** Some of it; the failures say what is missing. */
    PARTIAL,
    /** Nothing: the branch failed. */
    FAILED
  }

  /** A result without notes. */
  public CollectionResult(
      String metricType,
      @Nullable String runId,
      @Nullable Instant observedAt,
      @Nullable Instant since,
      Status status,
      List<CollectedObject> objects,
      List<Failure> failures,
      @Nullable String error) {
    this(metricType, runId, observedAt, since, status, objects, failures, List.of(), false, error);
  }

  public CollectionResult {
    notes = notes.stream().distinct().limit(MAX_NOTES).toList();
    objects = List.copyOf(objects);
    failures = List.copyOf(failures);
    if ((status == Status.FAILED) != (error != null)) {
      throw new IllegalArgumentException(
          "a collection of '%s' is %s and its error is '%s': a failed one must have an error, and no other may"
              .formatted(metricType, status, error));
    }
  }

  /** A branch that failed. */
  public static CollectionResult failed(String metricType, String error) {
    return new CollectionResult(
        metricType, null, null, null, Status.FAILED, List.of(), List.of(), error);
  }

  /** A collection that is complete unless there are failures. */
  static CollectionResult collected(
      String metricType,
      CollectionRun run,
      Instant since,
      List<CollectedObject> objects,
      List<Failure> failures,
      List<String> notes,
      boolean nothingNew) {
    return new CollectionResult(
        metricType,
        run.runId(),
        run.observedAt(),
        since,
        failures.isEmpty() ? Status.COLLECTED : Status.PARTIAL,
        objects,
        failures,
        notes,
        nothingNew,
        null);
  }

  /** Accepted observations in all files. */
  public long metricCount() {
    return objects.stream().mapToLong(CollectedObject::metricCount).sum();
  }

  /** What a failure is of. */
  public enum Source {
    /** A store of records or data points. */
    SINK,
    /** A collector. */
    COLLECTOR,
    /** Observations that were refused. */
    QUARANTINE,
    /** All of a type, in a collection of all types. */
    TYPE
  }

  /**
   * Something that a collection could not do and that did not stop it.
   *
   * @param name of the collector or the type, or one of {@value #RECORDS}, {@value #DATA_POINTS}
   *     and {@value #QUARANTINE}
   * @param reason one sentence, put on one line and shortened to {@value #MAX_REASON_LENGTH}
   *     characters
   */
  public record Failure(Source source, String name, String reason) {

    static final String RECORDS = "records";
    static final String DATA_POINTS = "data_points";
    static final String QUARANTINE = "quarantine";

    /** Reasons travel in the workflow's state, which should stay under 32 KB in all. */
    static final int MAX_REASON_LENGTH = 300;

    private static final String COLLECTOR_PREFIX = "collector ";

    public Failure {
      reason = Texts.oneLine(reason, MAX_REASON_LENGTH);
    }

    /** A failure from the {@link #label} that a payload has. */
    public static Failure ofLabel(String label, String reason) {
      return switch (label) {
        case RECORDS, DATA_POINTS -> new Failure(Source.SINK, label, reason);
        case QUARANTINE -> new Failure(Source.QUARANTINE, label, reason);
        default ->
            label.startsWith(COLLECTOR_PREFIX)
                ? new Failure(Source.COLLECTOR, label.substring(COLLECTOR_PREFIX.length()), reason)
                : new Failure(Source.TYPE, label, reason);
      };
    }

    /** Source and name in one text, for payloads and people. */
    public String label() {
      return source == Source.COLLECTOR ? COLLECTOR_PREFIX + name : name;
    }
  }
}
