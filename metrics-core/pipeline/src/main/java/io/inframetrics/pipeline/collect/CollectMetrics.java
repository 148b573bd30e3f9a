package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Source;
import io.inframetrics.pipeline.rawfile.FileRule;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private static final String METRIC_TYPE = "metric_type";

  private final CollectorRegistry registry;
  private final CollectOneType oneType;
  private final Clock clock;

  public CollectMetrics(CollectorRegistry registry, CollectOneType oneType, Clock clock) {
    this.registry = registry;
    this.oneType = oneType;
    this.clock = clock;
  }

  /**
   * What to collect.
   *
   * @param metricType a type that has a collector, or {@value MetricType#ALL}, the default
   * @param observedAt the end of the window; now by default
   * @param since the start of the window, exclusive; by default where the last collection of the
   *     type ended, else one period before {@code observedAt}; never further back than the maximum
   *     window
   * @param metrics observations that are ready; null to ask the collectors. Their types need no
   *     collector, and no collection's window moves
   */
  public record Request(
      @Nullable String metricType,
      String runId,
      @Nullable Instant observedAt,
      @Nullable Instant since,
      @Nullable List<ReadyMetric> metrics) {

    /** A request to the collectors. */
    public Request(
        @Nullable String metricType,
        String runId,
        @Nullable Instant observedAt,
        @Nullable Instant since) {
      this(metricType, runId, observedAt, since, null);
    }
  }

  /**
   * An observation that came with a request.
   *
   * @param metricType what it is filed under, even if it is refused; null if unknown
   * @param json like a line of a raw file
   */
  public record ReadyMetric(@Nullable String metricType, String json) {}

  /**
   * Collects and stores the observations of a window.
   *
   * @throws InvalidRequestException if the request cannot be met, ever
   * @throws RetryableFailureException if nothing was collected, the raw file could not be stored,
   *     or records are left to store
   */
  public CollectionResult collect(Request request, Deadline deadline) {
    String requested = request.metricType() == null ? MetricType.ALL : request.metricType();
    CollectionRun run = run(request);
    Instant since = request.since();
    if (since != null && !since.isBefore(run.observedAt())) {
      throw new InvalidRequestException(
          "since %s is not before observed_at %s: the window would be empty"
              .formatted(since, run.observedAt()));
    }
    if (request.metrics() != null) {
      PushedMetrics pushed = PushedMetrics.read(requested, request.metrics(), run);
      return collect(
          requested,
          pushed.types(),
          run,
          deadline,
          (type, share) -> push(pushed, type, run, since, share));
    }
    return collect(
        requested,
        types(requested),
        run,
        deadline,
        (type, share) ->
            logged(oneType.collect(type, registry.collectors(type), run, since, share)));
  }

  private CollectionResult push(
      PushedMetrics pushed,
      MetricType type,
      CollectionRun run,
      @Nullable Instant since,
      Deadline deadline) {
    return logged(
        oneType.push(
            type,
            pushed.collector(type),
            pushed.refused(type),
            run,
            pushed.start(type, since),
            deadline));
  }

  private CollectionResult collect(
      String requested,
      List<MetricType> types,
      CollectionRun run,
      Deadline deadline,
      BiFunction<MetricType, Deadline, CollectionResult> collecting) {
    if (types.size() == 1) {
      CollectionResult result = collecting.apply(types.get(0), deadline);
      return together(requested, run, List.of(result), result.failures());
    }
    List<CollectionResult> results = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    Map<MetricType, RuntimeException> failed = new LinkedHashMap<>();
    for (int i = 0; i < types.size(); i++) {
      MetricType type = types.get(i);
      // A type that hangs may use up its share of the time, not that of the types after it.
      Deadline share =
          deadline.earlierBy(
              deadline.remaining().multipliedBy(types.size() - 1L - i).dividedBy(types.size() - i));
      MDC.put(METRIC_TYPE, type.name());
      try {
        CollectionResult result = collecting.apply(type, share);
        results.add(result);
        failures.addAll(result.failures());
      } catch (RuntimeException e) {
        LOG.warn("{} was not collected", type, e);
        failed.put(type, e);
        failures.add(new Failure(Source.TYPE, type.name(), Texts.describe(e)));
      } finally {
        MDC.remove(METRIC_TYPE);
      }
    }
    if (results.isEmpty()) {
      String reasons =
          failed.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + Texts.describe(entry.getValue()))
              .collect(Collectors.joining("; "));
      String message = "nothing was collected: " + Texts.shorten(reasons, 1_000);
      throw failed.values().stream().allMatch(InvalidRequestException.class::isInstance)
          ? new InvalidRequestException(message)
          : new RetryableFailureException(message);
    }
    return together(requested, run, results, failures);
  }

  private static CollectionResult logged(CollectionResult result) {
    LOG.info(
        "collected {} of run {} since {}: {} in {}",
        result.metricType(),
        result.runId(),
        result.since(),
        ReadableText.count(result.metricCount(), "observation"),
        result.objects().isEmpty() ? "no file" : result.objects().get(0).key());
    return result;
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

  private CollectionRun run(Request request) {
    Instant now = clock.instant();
    Instant observedAt = request.observedAt() == null ? now : request.observedAt();
    if (observedAt.isAfter(now.plus(FileRule.MAX_AHEAD))) { // Further ahead is a mistake.
      throw new InvalidRequestException(
          "observed_at %s is more than %d hours ahead of the clock, %s"
              .formatted(
                  observedAt, FileRule.MAX_AHEAD.toHours(), now.truncatedTo(ChronoUnit.SECONDS)));
    }
    if (observedAt.isBefore(Instant.EPOCH)) {
      throw new InvalidRequestException(
          "observed_at %s is before 1970: use the time of the run".formatted(observedAt));
    }
    try {
      return new CollectionRun(request.runId(), observedAt);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Combines the results of some types into that of the request. */
  private static CollectionResult together(
      String requested, CollectionRun run, List<CollectionResult> types, List<Failure> failures) {
    List<CollectedObject> objects =
        types.stream().flatMap(type -> type.objects().stream()).toList();
    return CollectionResult.collected(
        requested,
        run,
        types.stream()
            .flatMap(type -> Stream.ofNullable(type.since()))
            .min(Comparator.naturalOrder())
            .orElse(run.observedAt()),
        objects,
        failures,
        types.stream().flatMap(type -> type.notes().stream()).toList(),
        objects.isEmpty() && types.stream().anyMatch(CollectionResult::nothingNew));
  }
}
