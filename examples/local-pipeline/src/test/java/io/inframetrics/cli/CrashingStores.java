package io.inframetrics.cli;

import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.Stores;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores of a process that dies before a chosen operation: it throws, and from then on every
 * operation does, so that nothing tidies up or goes on where a dead process would not. Each call of
 * a port is an operation; of an object that is being written, its commit.
 */
final class CrashingStores implements Stores {

  /** The end of a process; an Error, so that nobody treats it. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(String operation) {
      super("planned crash before " + operation);
    }
  }

  private final Stores stores;
  private final int last;
  private final List<String> operations = new ArrayList<>();
  private boolean dead;

  /**
   * Stores that die.
   *
   * @param last the operation before which they do, counted from 1
   */
  CrashingStores(Stores stores, int last) {
    this.stores = stores;
    this.last = last;
  }

  /** What was begun, in order, such as {@code RunLedger.markProcessed}. */
  synchronized List<String> operations() {
    return List.copyOf(operations);
  }

  synchronized boolean isDead() {
    return dead;
  }

  @FunctionalInterface
  private interface Work {
    Object run() throws Throwable;
  }

  private Object operation(String name, Work work) throws Throwable {
    begin(name);
    return work.run();
  }

  private synchronized void begin(String name) {
    operations.add(name);
    dead |= operations.size() == last;
    if (dead) {
      throw new Crash(name);
    }
  }

  /** Dies now, if not before. */
  void endReached() {
    begin("the end");
  }

  private <P> P port(Class<P> type, P port) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            operation(
                type.getSimpleName() + "." + method.getName(),
                () -> watched(type, call(port, method, arguments)));
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object watched(Class<?> port, Object result) {
    return result instanceof StagedObject<?> staged
        ? new Staged<>(port.getSimpleName(), staged)
        : result;
  }

  private final class Staged<R> implements StagedObject<R> {
    private final String port;
    private final StagedObject<R> staged;

    Staged(String port, StagedObject<R> staged) {
      this.port = port;
      this.staged = staged;
    }

    @Override
    public OutputStream body() {
      return staged.body();
    }

    @Override
    @SuppressWarnings("unchecked")
    public R commit() {
      try {
        return (R) operation(port + ".commit", staged::commit);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      if (!isDead()) {
        staged.close();
      }
    }
  }

  @Override
  public RawMetricSink rawMetricSink() {
    return port(RawMetricSink.class, stores.rawMetricSink());
  }

  @Override
  public RawMetricSource rawMetricSource() {
    return port(RawMetricSource.class, stores.rawMetricSource());
  }

  @Override
  public MetricRecordSink metricRecordSink() {
    return port(MetricRecordSink.class, stores.metricRecordSink());
  }

  @Override
  public MetricHistory metricHistory() {
    return port(MetricHistory.class, stores.metricHistory());
  }

  @Override
  public MetricPublisher metricPublisher() {
    return port(MetricPublisher.class, stores.metricPublisher());
  }

  @Override
  public RunLedger runLedger() {
    return port(RunLedger.class, stores.runLedger());
  }

  @Override
  public DocumentStore documentStore() {
    return port(DocumentStore.class, stores.documentStore());
  }

  @Override
  public Notifier notifier() {
    return port(Notifier.class, stores.notifier());
  }
}
