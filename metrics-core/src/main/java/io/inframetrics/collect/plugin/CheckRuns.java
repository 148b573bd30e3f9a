package io.inframetrics.collect.plugin;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.program.Program;
import io.inframetrics.collect.program.ProgramResult;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the checks once a run, however many collectors ask: their answers belong together, and a
 * check may be expensive. Safe for use by several threads.
 */
final class CheckRuns {

  /** Runs whose results are kept; more than are ever in progress at a time. */
  private static final int KEPT_RUNS = 4;

  private static final int AT_ONCE = 8;

  /** More than any plugin prints to say what it found. */
  private static final int MAX_BYTES = 1 << 20;

  private final List<Check> checks;
  private final Duration timeout;
  private final Map<CollectionRun, CompletableFuture<Results>> runs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<CollectionRun, CompletableFuture<Results>> eldest) {
          return size() > KEPT_RUNS;
        }
      };

  /**
   * Calls nothing yet.
   *
   * @param timeout of one check
   */
  CheckRuns(List<Check> checks, Duration timeout) {
    this.checks = checks;
    this.timeout = timeout;
  }

  /**
   * What the checks found.
   *
   * @param unfinished names of the checks for which the time was not enough
   */
  record Results(List<CheckResult> results, List<String> unfinished) {}

  /** The results of a run: from the first call that asked, which the others wait for. */
  Results of(CollectionRequest request) throws InterruptedException {
    CompletableFuture<Results> own = new CompletableFuture<>();
    CompletableFuture<Results> other;
    synchronized (runs) {
      other = runs.putIfAbsent(request.run(), own);
    }
    if (other != null) {
      return await(other, request.deadline());
    }
    Results results = null;
    try {
      results = call(request.deadline());
      return results;
    } finally {
      if (results == null || !results.unfinished().isEmpty()) {
        synchronized (runs) {
          runs.remove(request.run(), own); // A retry calls them again.
        }
      }
      if (results == null) {
        own.completeExceptionally(new RetryableFailureException("the checks were stopped"));
      } else {
        own.complete(results);
      }
    }
  }

  private static Results await(CompletableFuture<Results> other, Deadline deadline)
      throws InterruptedException {
    try {
      return other.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new RetryableFailureException("the checks did not end in time", e);
    }
  }

  private Results call(Deadline deadline) throws InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(AT_ONCE, checks.size()),
            work -> {
              Thread thread = new Thread(work, "check");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Callable<@Nullable CheckResult>> calls = new ArrayList<>();
      for (Check check : checks) {
        calls.add(() -> call(check, deadline));
      }
      List<Future<@Nullable CheckResult>> answers = threads.invokeAll(calls);
      List<CheckResult> results = new ArrayList<>();
      List<String> unfinished = new ArrayList<>();
      for (int i = 0; i < checks.size(); i++) {
        CheckResult result = result(checks.get(i), answers.get(i));
        if (result == null) {
          unfinished.add(checks.get(i).name());
        } else {
          results.add(result);
        }
      }
      return new Results(results, unfinished);
    } finally {
      threads.shutdownNow();
    }
  }

  private static @Nullable CheckResult result(Check check, Future<@Nullable CheckResult> answer)
      throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      return CheckResult.unknown(
          check, "check '%s' could not be called: %s".formatted(check.name(), e.getCause()));
    }
  }

  /** Null if the time was over before the check had a fair chance. */
  private @Nullable CheckResult call(Check check, Deadline deadline)
      throws IOException, InterruptedException {
    Duration left = deadline.remaining();
    boolean fair = left.compareTo(timeout) >= 0;
    Program program =
        new Program(List.of("/bin/sh", "-c", check.command()), fair ? timeout : left, MAX_BYTES);
    try (ProgramResult result = program.run()) {
      if (result.end() == ProgramResult.End.TIMED_OUT && !fair) {
        return null;
      }
      if (result.isKilled()) {
        String how =
            switch (result.end()) {
              case TIMED_OUT -> "did not end within %s, and was ended".formatted(timeout);
              case TOO_MUCH_OUTPUT ->
                  "printed more than %d bytes, and was ended".formatted(MAX_BYTES);
              case EXITED -> "was killed (exit code %d)".formatted(result.exitCode());
            };
        return CheckResult.unknown(
            check, "check '%s' %s: its state is UNKNOWN".formatted(check.name(), how));
      }
      return CheckResult.of(check, result.exitCode(), result.text(MAX_BYTES));
    }
  }
}
