package io.inframetrics.functions.aws;

import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;

/**
 * Daemon threads that log under the ids of the invocation that gave them work. A plain thread
 * inherits the ids of the invocation that started it, and would log later work under them.
 *
 * @hidden
 */
public final class InvocationThreads extends ThreadPoolExecutor {

  private static final long IDLE_SECONDS = 60;

  private InvocationThreads(int least, int most, BlockingQueue<Runnable> queue, String name) {
    super(
        least,
        most,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        queue,
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  public static ExecutorService unlimited(String name) {
    return new InvocationThreads(0, Integer.MAX_VALUE, new SynchronousQueue<>(), name);
  }

  /** Work beyond so many threads waits for a free one. */
  static ExecutorService atMost(int threads, String name) {
    return new InvocationThreads(threads, threads, new LinkedBlockingQueue<>(), name);
  }

  @Override
  public void execute(Runnable task) {
    Map<String, String> ids = MDC.getCopyOfContextMap();
    super.execute(
        () -> {
          if (ids == null) {
            MDC.clear();
          } else {
            MDC.setContextMap(ids);
          }
          try {
            task.run();
          } finally {
            MDC.clear();
          }
        });
  }
}
