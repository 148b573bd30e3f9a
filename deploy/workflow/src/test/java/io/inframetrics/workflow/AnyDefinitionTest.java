package io.inframetrics.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.workflow.definition.DefinitionException;
import io.inframetrics.workflow.execution.ExecutionListener;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/**
 * What holds for every definition, tried on random ones. A failure names the seed, and {@code
 * -Dworkflow.seed=N} runs that one alone.
 */
class AnyDefinitionTest {

  private static final int FEW = 2_000;
  private static final int MANY = 100_000;
  private static final int THREADS = 8;

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void endsInOrderAndTheSameWayEachTime() {
    Long seed = Long.getLong("workflow.seed");
    int ran = 0;
    for (long i = seed == null ? 1 : seed; i <= (seed == null ? FEW : seed); i++) {
      ran += check(i);
    }
    assertThat(seed == null ? ran : FEW)
        .as("definitions that were not refused")
        .isGreaterThan(FEW / 4);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void endsInOrderAndTheSameWayEachTimeForLong() {
    long first = System.nanoTime();
    System.out.println("first seed: " + first);
    for (long seed = first; seed < first + MANY; seed++) {
      check(seed);
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void endsInOrderInJsonataToo() {
    Long seed = Long.getLong("workflow.seed");
    int ran = 0;
    for (long i = seed == null ? 1 : seed; i <= (seed == null ? FEW / 20 : seed); i++) {
      ran += check(i, mixed(i));
    }
    assertThat(seed == null ? ran : FEW)
        .as("definitions that were not refused")
        .isGreaterThan(FEW / 160);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void endsInOrderInJsonataForLong() {
    long first = System.nanoTime();
    System.out.println("first seed: " + first);
    for (long seed = first; seed < first + MANY / 200; seed++) {
      check(seed, mixed(seed));
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void executionsAtTheSameTimeDoNotSeeOneAnothersValues() throws Exception {
    concurrently(1, 8);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void executionsAtTheSameTimeDoNotSeeOneAnothersValuesForLong() throws Exception {
    long first = System.nanoTime();
    System.out.println("first seed: " + first);
    concurrently(first, 40);
  }

  /**
   * Runs each definition on all threads at once, each with its own mark in the data; also parses on
   * each of them. Every result must be what it is alone.
   */
  private static void concurrently(long firstSeed, int definitions) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      for (long seed = firstSeed; seed < firstSeed + definitions; seed++) {
        StateMachine machine;
        ObjectNode definition = mixed(seed);
        try {
          machine = StateMachine.read(definition, Map.of(), false);
        } catch (DefinitionException e) {
          continue;
        }
        long each = seed;
        List<Future<ExecutionResult>> together = new ArrayList<>();
        CyclicBarrier start = new CyclicBarrier(THREADS);
        for (int thread = 0; thread < THREADS; thread++) {
          String mark = "mark-" + thread;
          together.add(
              pool.submit(
                  () -> {
                    StateMachine own = StateMachine.read(definition, Map.of(), false);
                    start.await();
                    ExecutionResult result = run(machine, each, mark);
                    assertThat(run(own, each, mark)).as("seed %d", each).isEqualTo(result);
                    return result;
                  }));
        }
        for (int thread = 0; thread < THREADS; thread++) {
          String mark = "mark-" + thread;
          ExecutionResult result = together.get(thread).get();
          assertThat(result).as("seed %d, %s", seed, mark).isEqualTo(run(machine, seed, mark));
          for (int other = 0; other < THREADS; other++) {
            if (other != thread) {
              assertThat(result.toString()).as("seed %d", seed).doesNotContain("mark-" + other);
            }
          }
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static ExecutionResult run(StateMachine machine, long seed, String mark) {
    RandomDefinitions source = new RandomDefinitions(seed);
    source.definition();
    return machine
        .execution()
        .seed(seed)
        .input(RandomQueries.marked(mark, source.input()))
        .tasks(source.tasks())
        .run();
  }

  private static ObjectNode mixed(long seed) {
    return new RandomQueries(seed).mixed(new RandomDefinitions(seed).definition());
  }

  private static int check(long seed) {
    return check(seed, new RandomDefinitions(seed).definition());
  }

  /** Returns 1 when the definition ran, 0 when it was refused. */
  private static int check(long seed, ObjectNode definition) {
    try {
      StateMachine machine = StateMachine.read(definition, Map.of(), false);
      ExecutionResult result = run(machine, seed);
      wellFormed(result, seed);
      assertThat(run(machine, seed)).as("seed %d, run again", seed).isEqualTo(result);
      return 1;
    } catch (DefinitionException e) {
      assertThat(e.problems()).as("seed %d", seed).isNotEmpty();
      assertThat(e.problems())
          .as("seed %d: a place", seed)
          .allMatch(problem -> !definition.at(problem.pointer()).isMissingNode());
      return 0;
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + definition, e);
    }
  }

  private static ExecutionResult run(StateMachine machine, long seed) {
    RandomDefinitions source = new RandomDefinitions(seed);
    source.definition();
    List<Instant> times = new ArrayList<>();
    ExecutionResult result =
        machine
            .execution()
            .seed(seed)
            .input(source.input())
            .tasks(source.tasks())
            .listener(
                new ExecutionListener() {
                  @Override
                  public void onStateEntered(String state, Instant time) {
                    times.add(time);
                  }
                })
            .run();
    assertThat(times).as("seed %d: virtual time", seed).isSorted();
    return result;
  }

  private static void wellFormed(ExecutionResult result, long seed) {
    Trace trace = result.trace();
    assertThat(result.output() != null).as("seed %d: output", seed).isEqualTo(result.succeeded());
    assertThat(trace.transitions())
        .as("seed %d: transitions", seed)
        .isEqualTo(
            trace.visits().size() + trace.visits().stream().mapToInt(Trace.Visited::retries).sum());
    assertThat(trace.visits())
        .as("seed %d: times of visits", seed)
        .allMatch(
            visit -> !visit.left().isBefore(visit.entered()) && !visit.left().isAfter(trace.end()));
    assertThat(trace.delays())
        .as("seed %d: delays", seed)
        .noneMatch(delay -> delay.duration().isNegative());
  }
}
