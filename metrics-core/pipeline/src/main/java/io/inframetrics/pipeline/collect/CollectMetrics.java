package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.rawfile.Acceptance;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Collects one metric type, or all, of the window since the last collection: raw file first,
 * records next, data points last. A second try with the same run id and observation time writes the
 * same things. Thread-safe.
 */
public final class CollectMetrics {

  private static final Logger LOG = LoggerFactory.getLogger(CollectMetrics.class);

  /** Field of the log lines while one type of all is collected. */
  private static final String METRIC_TYPE = "metric_type";

  /** An observation time from further ahead is a mistake. */
  private static final Duration MAX_AHEAD = Acceptance.MAX_AHEAD;

  private final CollectorRegistry registry;
  private final TypeCollection collection;
  private final RunLedger ledger;
  private final PipelineSettings settings;
  private final Clock clock;

  /**
   * The verb over these stores.
   *
   * @param registry who collects what
   * @param collection how the metrics of a type are stored
   * @param ledger how far each type is collected
   */
  public CollectMetrics(
      CollectorRegistry registry,
      TypeCollection collection,
      RunLedger ledger,
      PipelineSettings settings,
      Clock clock) {
    this.registry = registry;
    this.collection = collection;
    this.ledger = ledger;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * What to collect. Everything may be left out.
   *
   * @param metricType a type that has a collector, or {@value MetricType#ALL}, the default
   * @param runId of the run; the invocation's request id by default
   * @param observedAt the end of the window; now by default
   * @param since the start of the window, exclusive; by default where the last collection of the
   *     type ended, else one period before {@code observedAt}; never further back than the maximum
   *     window
   */
  public record Request(
      @Nullable String metricType,
      @Nullable String runId,
      @Nullable Instant observedAt,
      @Nullable Instant since) {}

  /** Whether everything was collected and stored. */
  public enum Status {
    COLLECTED,
    PARTIAL
  }

  /**
   * What was collected.
   *
   * @param metricType as requested
   * @param since the earliest start of a window: where the last success of its type ended
   * @param metricCount accepted observations
   * @param objects the raw files, one a type
   * @param sinkFailures what could not be done; empty if {@link Status#COLLECTED}
   */
  public record Result(
      String metricType,
      CollectionRun run,
      Instant since,
      Status status,
      long metricCount,
      List<CollectedObject> objects,
      List<SinkFailure> sinkFailures) {}

  /**
   * Collects.
   *
   * @throws InvalidRequestException if the request cannot be met, ever
   * @throws RetryableFailureException if nothing was collected, the raw file could not be stored,
   *     or records are left to store
   */
  public Result collect(Request request, Invocation invocation) {
    String requested = request.metricType() == null ? MetricType.ALL : request.metricType();
    List<MetricType> types = types(requested);
    CollectionRun run = run(request, invocation);
    Instant since = request.since();
    if (since != null && !since.isBefore(run.observedAt())) {
      throw new InvalidRequestException(
          "since %s is not before observed_at %s: the window would be empty"
              .formatted(since, run.observedAt()));
    }
    if (types.size() == 1) {
      TypeCollection.Outcome outcome = collect(types.get(0), run, since, invocation.deadline());
      return result(requested, run, List.of(outcome), outcome.failures());
    }
    return collectAll(types, run, since, invocation.deadline());
  }

  private Result collectAll(
      List<MetricType> types, CollectionRun run, @Nullable Instant since, Deadline deadline) {
    List<TypeCollection.Outcome> outcomes = new ArrayList<>();
    List<SinkFailure> failures = new ArrayList<>();
    Map<MetricType, RuntimeException> failed = new LinkedHashMap<>();
    for (int i = 0; i < types.size(); i++) {
      MetricType type = types.get(i);
      // A type that hangs may use up its share of the time, not that of the types after it.
      Deadline share =
          deadline.earlierBy(
              deadline.remaining().multipliedBy(types.size() - 1L - i).dividedBy(types.size() - i));
      MDC.put(METRIC_TYPE, type.name());
      try {
        TypeCollection.Outcome outcome = collect(type, run, since, share);
        outcomes.add(outcome);
        failures.addAll(outcome.failures());
      } catch (RuntimeException e) {
        LOG.warn("{} was not collected", type, e);
        failed.put(type, e);
        failures.add(SinkFailure.of(type.name(), e));
      } finally {
        MDC.remove(METRIC_TYPE);
      }
    }
    if (outcomes.isEmpty()) {
      String reasons =
          failed.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + Texts.describe(entry.getValue()))
              .collect(Collectors.joining("; "));
      String message = "nothing was collected: " + Texts.shorten(reasons, 1_000);
      throw failed.values().stream().allMatch(InvalidRequestException.class::isInstance)
          ? new InvalidRequestException(message)
          : new RetryableFailureException(message);
    }
    return result(MetricType.ALL, run, outcomes, failures);
  }

  private TypeCollection.Outcome collect(
      MetricType type, CollectionRun run, @Nullable Instant requestedSince, Deadline deadline) {
    Instant since = since(type, run, requestedSince, deadline);
    TypeCollection.Outcome outcome =
        collection.collect(
            type,
            registry.collectors(type),
            run,
            since,
            deadline,
            () -> ledger.advanceCollectedUntil(type, run.observedAt(), deadline));
    LOG.info(
        "collected {} of run {} since {}: {} observations in {}",
        type,
        run.runId(),
        since,
        outcome.object().metricCount(),
        outcome.object().key());
    return outcome;
  }

  private List<MetricType> types(String requested) {
    List<MetricType> known = registry.types();
    if (requested.equals(MetricType.ALL)) {
      if (known.isEmpty()) {
        throw new InvalidRequestException(
            "no collector is registered: put one on the class path and choose it as a source");
      }
      return known;
    }
    return known.stream()
        .filter(type -> type.name().equals(requested))
        .findFirst()
        .map(List::of)
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "metric type '%s' has no collector: use one of %s or %s"
                        .formatted(
                            Texts.shorten(requested, 80),
                            known.stream().map(MetricType::name).collect(Collectors.joining(", ")),
                            MetricType.ALL)));
  }

  private CollectionRun run(Request request, Invocation invocation) {
    Instant now = clock.instant();
    Instant observedAt = request.observedAt() == null ? now : request.observedAt();
    if (observedAt.isAfter(now.plus(MAX_AHEAD))) {
      throw new InvalidRequestException(
          "observed_at %s is more than %d hours ahead of the clock, %s"
              .formatted(observedAt, MAX_AHEAD.toHours(), now.truncatedTo(ChronoUnit.SECONDS)));
    }
    if (observedAt.isBefore(Instant.EPOCH)) {
      throw new InvalidRequestException(
          "observed_at %s is before 1970: use the time of the run".formatted(observedAt));
    }
    try {
      return new CollectionRun(
          request.runId() == null ? invocation.requestId() : request.runId(), observedAt);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(Texts.describe(e), e);
    }
  }

  private Instant since(
      MetricType type, CollectionRun run, @Nullable Instant requested, Deadline deadline) {
    Instant until = run.observedAt();
    Instant since = requested;
    if (since == null) {
      // A mark at or past the end is that of a later run, or of this one before it was tried again.
      since =
          ledger
              .collectedUntil(type, deadline)
              .filter(mark -> mark.isBefore(until))
              .orElseGet(() -> until.minus(settings.period()));
    }
    Instant earliest = until.minus(settings.maxWindow());
    return since.isBefore(earliest) ? earliest : since;
  }

  private static Result result(
      String metricType,
      CollectionRun run,
      List<TypeCollection.Outcome> outcomes,
      List<SinkFailure> failures) {
    List<CollectedObject> objects = outcomes.stream().map(TypeCollection.Outcome::object).toList();
    return new Result(
        metricType,
        run,
        outcomes.stream()
            .map(TypeCollection.Outcome::since)
            .min(Comparator.naturalOrder())
            .orElse(run.observedAt()),
        failures.isEmpty() ? Status.COLLECTED : Status.PARTIAL,
        objects.stream().mapToLong(CollectedObject::metricCount).sum(),
        objects,
        List.copyOf(failures));
  }
}
