package io.inframetrics.cli.monitor;

import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.ExitCode;

/**
 * What a command does when its process is to end, by Ctrl-C or SIGTERM: it finishes what is in
 * hand, within the time that it is given. A second Ctrl-C ends it at once, which is safe because
 * the stores survive that at any point.
 */
public final class StopRequest implements AutoCloseable {

  /** Kept of it to record a run that is not finished. */
  private static final Duration RECORDING = Duration.ofSeconds(1);

  /** What a shell answers for a command that SIGINT ended. */
  private static final int INTERRUPTED = 130;

  private final PrintWriter out;
  private final Duration patience;
  private final Thread worker = Thread.currentThread();
  private final Thread hook = new Thread(this::endedByShutdown, "stop-request");
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile Runnable hurry = () -> {};
  private volatile int exitCode = ExitCode.SOFTWARE;

  private StopRequest(PrintWriter out, Duration patience) {
    this.out = out;
    this.patience = patience;
  }

  /**
   * Waits for requests to end the work of the calling thread. Close it when the work has ended.
   *
   * @param patience how long the work in hand may take after a request
   * @param ownsProcess whether to handle Ctrl-C, which is for the whole process
   */
  public static StopRequest watch(PrintWriter out, Duration patience, boolean ownsProcess) {
    StopRequest request = new StopRequest(out, patience);
    Runtime.getRuntime().addShutdownHook(request.hook);
    if (ownsProcess) {
      request.handleInterrupts();
    }
    return request;
  }

  /** Sets what makes the work in hand end sooner. */
  public void onRequest(Runnable action) {
    hurry = action;
    if (requested()) {
      action.run();
    }
  }

  public boolean requested() {
    return requested.getCount() == 0;
  }

  /** Waits until the time is over by a clock that nobody sets, or the work is to end. */
  public void await(Duration time) throws InterruptedException {
    boolean unused = requested.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Sets the exit code of a process that ends by a request. */
  public void exitCode(int code) {
    exitCode = code;
  }

  /**
   * The JVM's own handler starts the shutdown, and then ignores a second Ctrl-C. The class that
   * replaces it is not part of Java SE, so a JVM may lack it; then there is only the shutdown hook.
   */
  private void handleInterrupts() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object onSignal =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      interrupted();
                      yield null;
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "the handler of Ctrl-C";
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), onSignal);
    } catch (ReflectiveOperationException e) {
      out.println("note: a second Ctrl-C has no effect with this Java: " + e);
    }
  }

  private void interrupted() {
    if (begun.get()) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    finishWorkInHand();
  }

  private void endedByShutdown() {
    finishWorkInHand();
    Runtime.getRuntime().halt(exitCode);
  }

  /** Returns when the work has ended; ends the process if that takes too long. */
  private void finishWorkInHand() {
    boolean first = begun.compareAndSet(false, true);
    try {
      if (first) {
        requested.countDown();
        out.printf(
            "%nfinishing the current run ... at most %d s; Ctrl-C again ends it at once%n",
            patience.toSeconds());
        out.flush();
        hurry.run();
      }
      if (finished.await(patience.minus(RECORDING).toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      worker.interrupt();
      if (finished.await(RECORDING.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitCode.SOFTWARE);
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, in this hook.
    }
  }
}
