package io.inframetrics.pipeline.collect;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
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
 * @param objects the raw files, one for each type; none in a failed branch
 * @param failures what could not be done and did not stop the collection
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
    @Nullable String error) {

  /** How much of what was asked for is collected and stored. */
  public enum Status {
    /** Everything. */
    COLLECTED,
    /** Some of it; the failures say what is missing. */
    PARTIAL,
    /** Nothing: the branch failed. */
    FAILED
  }

  public CollectionResult {
    objects = List.copyOf(objects);
    failures = List.copyOf(failures);
    if ((status == Status.FAILED) != (error != null)) {
      throw new IllegalArgumentException(
          "a collection of '%s' is %s and its error is '%s': exactly a failed one has an error"
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
      List<Failure> failures) {
    return new CollectionResult(
        metricType,
        run.runId(),
        run.observedAt(),
        since,
        failures.isEmpty() ? Status.COLLECTED : Status.PARTIAL,
        objects,
        failures,
        null);
  }

  /** Accepted observations in all files. */
  public long metricCount() {
    return objects.stream().mapToLong(CollectedObject::metricCount).sum();
  }

  /** What failed. */
  public enum Source {
    /** A store of records or data points, named in {@link Failure#RECORDS} and the like. */
    SINK,
    /** A collector, by its name. */
    COLLECTOR,
    /** Observations were refused. */
    QUARANTINE,
    /** All of a type, by its name, in a collection of all types. */
    TYPE
  }

  /**
   * Something that a collection could not do and that did not stop it.
   *
   * @param name of the source
   * @param reason one sentence of at most {@value #MAX_REASON_LENGTH} characters; a longer one is
   *     shortened
   */
  public record Failure(Source source, String name, String reason) {

    /** The record store. */
    public static final String RECORDS = "records";

    /** The publisher of data points. */
    public static final String DATA_POINTS = "data_points";

    /** Reasons travel in the workflow's state, which should stay under 32 KB in all. */
    public static final int MAX_REASON_LENGTH = 300;

    private static final String QUARANTINE = "quarantine";
    private static final String COLLECTOR_PREFIX = "collector ";

    public Failure {
      reason = Texts.shorten(reason, MAX_REASON_LENGTH);
    }

    /** A failure as a payload has it, whose source is told from the label. */
    public static Failure ofLabel(String label, String reason) {
      if (label.startsWith(COLLECTOR_PREFIX)) {
        return collector(label.substring(COLLECTOR_PREFIX.length()), reason);
      }
      Source source =
          switch (label) {
            case QUARANTINE -> Source.QUARANTINE;
            case RECORDS, DATA_POINTS -> Source.SINK;
            default -> Source.TYPE;
          };
      return new Failure(source, label, reason);
    }

    /** The source in one text, for payloads and people: its name, after its kind if a collector. */
    public String label() {
      return source == Source.COLLECTOR ? COLLECTOR_PREFIX + name : name;
    }

    static Failure collector(String name, String reason) {
      return new Failure(Source.COLLECTOR, name, reason);
    }

    static Failure quarantine(String reason) {
      return new Failure(Source.QUARANTINE, QUARANTINE, reason);
    }

    static Failure type(MetricType type, RuntimeException failure) {
      return new Failure(Source.TYPE, type.name(), Texts.describe(failure));
    }

    static Failure sink(String name, String reason) {
      return new Failure(Source.SINK, name, reason);
    }

    static Failure sink(String name, RuntimeException failure) {
      return sink(name, Texts.describe(failure));
    }

    /** What an incomplete write says: how many items are missing, and the first reason. */
    static Failure sink(String name, WriteResult result) {
      int failed = result.rejected().size() + result.retryable().size();
      Failed first =
          result.rejected().isEmpty() ? result.retryable().get(0) : result.rejected().get(0);
      return sink(
          name, "%d not stored, first %s: %s".formatted(failed, first.id(), first.reason()));
    }
  }
}
