package io.inframetrics.spring;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Collects all types on a schedule, one run at a time, while the application runs; and whenever
 * {@link #collect} is called. A run that fails is logged and the next one covers its time too.
 * Thread-safe.
 */
public final class CollectionRuns implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(CollectionRuns.class);
  private static final Duration STOPPING = Duration.ofSeconds(10);

  private final CollectMetrics collectMetrics;
  private final CollectorRegistry collectors;
  private final InfraMetricsProperties.Schedule schedule;
  private final Duration timeout;
  private final Supplier<String> runIds;
  private final Clock clock;
  private final Object lifecycle = new Object();
  private @Nullable ScheduledExecutorService scheduler;
  private volatile @Nullable Run last;

  CollectionRuns(
      CollectMetrics collectMetrics,
      CollectorRegistry collectors,
      InfraMetricsProperties.Schedule schedule,
      Duration timeout,
      Supplier<String> runIds,
      Clock clock) {
    this.collectMetrics = collectMetrics;
    this.collectors = collectors;
    this.schedule = schedule;
    this.timeout = timeout;
    this.runIds = runIds;
    this.clock = clock;
  }

  /**
   * A run that has ended.
   *
   * @param ended when
   * @param result what was collected; null if nothing was
   * @param failure why nothing was collected; empty if something was
   */
  public record Run(Instant ended, @Nullable CollectionResult result, String failure) {}

  /**
   * Collects all types now.
   *
   * @throws io.inframetrics.pipeline.InvalidRequestException if there is no collector
   * @throws io.inframetrics.pipeline.RetryableFailureException if nothing was collected
   */
  public synchronized CollectionResult collect() {
    try {
      CollectionResult result =
          collectMetrics.collect(
              new CollectMetrics.Request(MetricType.ALL, runIds.get(), null, null),
              Deadline.after(timeout, clock));
      last = new Run(clock.instant(), result, "");
      return result;
    } catch (RuntimeException e) {
      last = new Run(clock.instant(), null, Texts.describe(e));
      throw e;
    }
  }

  /** The last run that has ended, if there is one. */
  public Optional<Run> last() {
    return Optional.ofNullable(last);
  }

  /** Whether there is anything to collect. */
  public boolean hasCollectors() {
    return !collectors.types().isEmpty();
  }

  @Override
  public void start() {
    if (!schedule.enabled()) {
      return;
    }
    if (!hasCollectors()) {
      LOG.warn(
          "nothing is collected: define a bean of type MetricCollector, or set"
              + " inframetrics.sources or inframetrics.meters");
      return;
    }
    synchronized (lifecycle) {
      if (scheduler == null) {
        ScheduledExecutorService started =
            Executors.newSingleThreadScheduledExecutor(
                task -> {
                  Thread thread = new Thread(task, "inframetrics");
                  thread.setDaemon(true);
                  return thread;
                });
        ScheduledFuture<?> unused =
            started.scheduleAtFixedRate(
                this::collectAndLog,
                schedule.initialDelay().toNanos(),
                schedule.period().toNanos(),
                TimeUnit.NANOSECONDS);
        scheduler = started;
      }
    }
  }

  private void collectAndLog() {
    try {
      CollectionResult result = collect();
      result.failures().forEach(failure -> LOG.warn("a part was not collected: {}", failure));
    } catch (RuntimeException e) {
      LOG.warn("the run has failed; the next one is in {}", schedule.period(), e);
    }
  }

  /** Interrupts a run that is going on; its time belongs to the next one. */
  @Override
  public void stop() {
    ScheduledExecutorService running;
    synchronized (lifecycle) {
      running = scheduler;
      scheduler = null;
    }
    if (running == null) {
      return;
    }
    running.shutdownNow();
    try {
      if (!running.awaitTermination(STOPPING.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("a collection did not end within {}", STOPPING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    synchronized (lifecycle) {
      return scheduler != null;
    }
  }
}
