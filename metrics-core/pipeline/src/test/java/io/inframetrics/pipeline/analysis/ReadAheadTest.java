package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalyzeMetricsFakes.TickingClock;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

  private static final List<KnownSeries> SERIES =
      IntStream.range(0, 10)
          .mapToObj(
              i ->
                  new KnownSeries(
                      Series.of(MetricType.CPU_UTILIZATION, "i-" + i),
                      MetricUnit.PERCENT,
                      "eu-west-1"))
          .toList();

  private final TickingClock clock = new TickingClock(Instant.EPOCH);
  private final Deadline deadline = Deadline.after(Duration.ofMinutes(1), clock);
  private final List<String> begun = new ArrayList<>();
  private final Function<KnownSeries, List<Point>> read =
      known -> {
        begun.add(known.series().instanceId());
        return List.of(new Point(number(known), 1));
      };

  @Test
  void readsOneAfterAnotherOnTheCallersThread() {
    try (ReadAhead ahead = new ReadAhead(SERIES, later(read), deadline, Runnable::run, 1)) {
      assertThat(ahead.next()).containsExactly(new Point(0, 1));
      assertThat(begun).containsExactly("i-0");
      assertThat(ahead.next()).containsExactly(new Point(1, 1));
      assertThat(begun).containsExactly("i-0", "i-1");
    }
  }

  @Test
  void neverHoldsMoreThanItWasTold() {
    Deque<Runnable> waiting = new ArrayDeque<>();
    Executor runsAllWhenAsked =
        task -> {
          waiting.add(task);
          if (waiting.size() == 4) {
            waiting.forEach(Runnable::run);
            waiting.clear();
          }
        };
    try (ReadAhead ahead = new ReadAhead(SERIES, later(read), deadline, runsAllWhenAsked, 4)) {
      ahead.next();
      assertThat(begun).containsExactly("i-0", "i-1", "i-2", "i-3");
    }
    assertThat(waiting).isEmpty();
  }

  @Test
  void answersInOrderWhoeverIsDoneFirst() throws InterruptedException {
    CountDownLatch lastIsRead = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(10);
    try (ReadAhead ahead =
        new ReadAhead(
            SERIES,
            later(
                known -> {
                  if (number(known) == 9) {
                    lastIsRead.countDown();
                  } else {
                    await(lastIsRead);
                  }
                  return List.of(new Point(number(known), 1));
                }),
            deadline,
            threads,
            10)) {
      for (int i = 0; i < 10; i++) {
        assertThat(ahead.next()).containsExactly(new Point(i, 1));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void throwsWhatAReadThrewAndGoesOn() {
    Function<KnownSeries, List<Point>> first =
        known -> {
          if (number(known) == 0) {
            throw new IllegalStateException("the table is away");
          }
          return read.apply(known);
        };
    try (ReadAhead ahead = new ReadAhead(SERIES, later(first), deadline, Runnable::run, 3)) {
      assertThatThrownBy(ahead::next).isInstanceOf(IllegalStateException.class);
      assertThat(ahead.next()).containsExactly(new Point(1, 1));
    }
  }

  @Test
  void readsItselfWhatAFullPoolRefuses() {
    Executor full =
        task -> {
          throw new RejectedExecutionException("full");
        };
    try (ReadAhead ahead = new ReadAhead(SERIES, later(read), deadline, full, 3)) {
      assertThat(ahead.next()).containsExactly(new Point(0, 1));
    }
  }

  @Test
  void beginsNothingAheadWhenTheTimeIsUp() {
    try (ReadAhead ahead = new ReadAhead(SERIES, later(read), deadline, Runnable::run, 4)) {
      clock.advance(Duration.ofMinutes(2));
      ahead.next();
      assertThat(begun).containsExactly("i-0");
    }
  }

  @Test
  void givesUpWhatIsNotBegunWhenItIsClosed() {
    Deque<Runnable> waiting = new ArrayDeque<>();
    Executor firstOnly =
        task -> {
          if (begun.isEmpty()) {
            task.run();
          } else {
            waiting.add(task);
          }
        };
    try (ReadAhead ahead = new ReadAhead(SERIES, later(read), deadline, firstOnly, 4)) {
      ahead.next();
    }
    waiting.forEach(Runnable::run);

    assertThat(begun).containsExactly("i-0");
  }

  private static Function<KnownSeries, Supplier<List<Point>>> later(
      Function<KnownSeries, List<Point>> read) {
    return known -> () -> read.apply(known);
  }

  private static int number(KnownSeries known) {
    return Integer.parseInt(known.series().instanceId().substring(2));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
