package io.inframetrics.cli.monitor;

import io.inframetrics.workflow.execution.ExecutionListener;
import io.inframetrics.workflow.execution.StateOutcome;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Shows what a run is doing: by default only a task that failed and will be retried; if verbose,
 * also a line when a state starts or ends, and a line for each wait. On a terminal, waits also
 * count down on a last line that is overwritten.
 */
public final class Progress implements ExecutionListener, AutoCloseable {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final String ERASE_LINE = "\r\u001B[K";

  private final PrintWriter out;
  private final Clock clock;
  private final ZoneId zone;
  private final Detail detail;
  private final boolean terminal;
  private final ScheduledExecutorService ticker;
  private final List<Countdown> countdowns = new ArrayList<>();

  /** How much a command prints. */
  public enum Detail {
    /** Only what is wrong. */
    QUIET,
    /** What a person needs. */
    NORMAL,
    /** Each state, too. */
    VERBOSE
  }

  /** Writes to {@code out}; on a {@code terminal}, lines can be overwritten. */
  public Progress(PrintWriter out, Clock clock, ZoneId zone, Detail detail, boolean terminal) {
    this.out = out;
    this.clock = clock;
    this.zone = zone;
    this.detail = detail;
    this.terminal = terminal && detail != Detail.QUIET;
    this.ticker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "countdown");
              thread.setDaemon(true);
              return thread;
            });
    if (this.terminal) {
      var unused = ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }
  }

  private record Countdown(String what, Instant until) {}

  @Override
  public synchronized void onStateEntered(String state, Instant time) {
    say(Detail.VERBOSE, "%s started".formatted(state));
  }

  @Override
  public synchronized void onStateExited(String state, StateOutcome outcome, Duration inState) {
    say(
        Detail.VERBOSE,
        "%s %s after %s"
            .formatted(
                state,
                switch (outcome) {
                  case SUCCEEDED -> "done";
                  case CAUGHT -> "failed, caught";
                  case FAILED -> "failed";
                  case ABORTED -> "stopped";
                },
                seconds(inState)));
  }

  @Override
  public synchronized void onWait(String state, Duration delay) {
    say(Detail.VERBOSE, "%s waits %s".formatted(state, seconds(delay)));
    countdowns.add(new Countdown(state, clock.instant().plus(delay)));
  }

  @Override
  public synchronized void onRetryScheduled(
      String state, String error, int attempt, Duration delay) {
    say(
        Detail.NORMAL,
        "%s failed with %s, retry %d in %s"
            .formatted(state, simpleName(error), attempt, seconds(delay)));
    countdowns.add(new Countdown(state + " retry " + attempt, clock.instant().plus(delay)));
  }

  /** Prints a line, if the command prints {@code atLeast} that much. */
  public synchronized void say(Detail atLeast, String text) {
    if (detail.compareTo(atLeast) < 0) {
      return;
    }
    if (terminal) {
      out.print(ERASE_LINE);
    }
    out.printf("%s  %s%n", TIME.format(clock.instant().atZone(zone)), text);
    out.flush();
  }

  private synchronized void tick() {
    Instant now = clock.instant();
    countdowns.removeIf(countdown -> !countdown.until().isAfter(now));
    out.print(ERASE_LINE);
    out.print(
        countdowns.stream()
            .map(
                countdown ->
                    "%s in %d s"
                        .formatted(
                            countdown.what(),
                            Math.max(1, Duration.between(now, countdown.until()).toSeconds() + 1)))
            .collect(Collectors.joining(", ")));
    out.flush();
  }

  @Override
  public synchronized void close() {
    ticker.shutdownNow();
    if (terminal) {
      out.print(ERASE_LINE);
      out.flush();
    }
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  private static String simpleName(String error) {
    return error.substring(error.lastIndexOf('.') + 1);
  }
}
