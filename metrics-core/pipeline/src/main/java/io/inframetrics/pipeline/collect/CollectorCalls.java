package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the collectors of one type side by side, each in a thread of its own, and waits for them
 * until the deadline. A collector that fails or hangs does not affect the others.
 */
final class CollectorCalls {

  private static final Logger LOG = LoggerFactory.getLogger(CollectorCalls.class);

  private final ExecutorService executor;

  CollectorCalls(ExecutorService executor) {
    this.executor = executor;
  }

  /** A collector and what it is asked for. */
  record Call(MetricCollector collector, CollectionRequest request) {}

  /** What a collector threw, or an exception that says why it did not finish. */
  record FailedCall(String collector, Throwable exception) {

    /** The failure in one sentence. */
    String reason() {
      return Texts.describe(exception);
    }
  }

  /** Calls the collectors, seals the file, and returns the failures in the collectors' order. */
  List<FailedCall> call(List<Call> collectors, RawFileWriting file) {
    List<Future<?>> calls = new ArrayList<>();
    List<RawFileWriting.OfCollector> consumers = new ArrayList<>();
    SharedSeries shared = collectors.size() > 1 ? new SharedSeries(file) : null;
    for (Call call : collectors) {
      RawFileWriting.OfCollector own = file.consumerOf(call.collector().name());
      consumers.add(own);
      MetricConsumer consumer = shared == null ? own : shared.consumerOf(call.collector(), own);
      calls.add(
          executor.submit(
              () -> {
                call.collector().collect(call.request(), consumer);
                return null;
              }));
    }
    List<FailedCall> failures = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Throwable failure = await(calls.get(i), collectors.get(i).request().deadline(), file);
      if (failure != null) {
        MetricCollector collector = collectors.get(i).collector();
        String name = collector.name();
        LOG.warn("collector {} of {} failed", name, collector.type(), failure);
        failures.add(new FailedCall(name, failure));
      }
    }
    consumers.forEach(RawFileWriting.OfCollector::noteRepeats);
    if (shared != null) {
      shared.note();
    }
    file.seal();
    return failures;
  }

  private static @Nullable Throwable await(Future<?> call, Deadline deadline, RawFileWriting file) {
    try {
      call.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
      return null;
    } catch (TimeoutException e) {
      stop(call, file);
      return new RetryableFailureException(
          "it did not finish by its deadline %s: make it faster or give the function more time"
              .formatted(deadline));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof VirtualMachineError error
          && !(error instanceof StackOverflowError)) {
        throw error; // Out of memory and the like are not a collector's partial result.
      }
      return e.getCause() == null ? e : e.getCause();
    } catch (CancellationException e) {
      return e;
    } catch (InterruptedException e) {
      stop(call, file);
      Thread.currentThread().interrupt();
      return new RetryableFailureException("the collection was interrupted", e);
    }
  }

  /** Seals first: an interrupt during a write would close the file, and all of it would be lost. */
  private static void stop(Future<?> call, RawFileWriting file) {
    file.seal();
    call.cancel(true);
  }
}
