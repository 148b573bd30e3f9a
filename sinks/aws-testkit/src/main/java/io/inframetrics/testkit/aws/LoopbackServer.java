package io.inframetrics.testkit.aws;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server on a free port of the loopback interface, with one thread per connection. */
final class LoopbackServer implements AutoCloseable {

  private static final int BACKLOG = 128;
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final ServerSocket listener;
  private final ConnectionHandler handler;
  private final ExecutorService threads;
  private final CompletableFuture<Void> accepting;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean closed;

  private LoopbackServer(String name, ServerSocket listener, ConnectionHandler handler) {
    this.listener = listener;
    this.handler = handler;
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, name + "-" + THREADS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.accepting = CompletableFuture.runAsync(this::accept, threads);
  }

  /** Serves one connection, which is closed when it returns or throws. */
  interface ConnectionHandler {
    void serve(Socket connection) throws IOException;
  }

  /** Answers one request; null closes the connection without an answer. */
  interface RequestHandler {
    @Nullable HttpMessage answer(HttpMessage request) throws IOException;
  }

  /** Starts a server whose handler reads and writes the connections itself. */
  static LoopbackServer start(String name, ConnectionHandler handler) {
    try {
      ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
      return new LoopbackServer(name, listener, handler);
    } catch (IOException e) {
      throw new UncheckedIOException("no loopback port could be opened", e);
    }
  }

  static LoopbackServer startHttp(String name, RequestHandler handler) {
    return start(name, connection -> serveRequests(connection, handler));
  }

  static void serveRequests(Socket connection, RequestHandler handler) throws IOException {
    BufferedInputStream in = new BufferedInputStream(connection.getInputStream());
    boolean goesOn = true;
    while (goesOn) {
      HttpMessage request = HttpMessage.readRequest(in, connection.getOutputStream());
      HttpMessage answer = request == null ? null : handler.answer(request);
      if (request == null || answer == null) {
        return;
      }
      answer.write(connection.getOutputStream());
      goesOn = !request.isLast() && !answer.isLast();
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Such as {@code http://127.0.0.1:40123}. */
  URI uri() {
    return URI.create("http://" + listener.getInetAddress().getHostAddress() + ":" + port());
  }

  /** The number of connections made so far. */
  int connections() {
    return connections.get();
  }

  void execute(Runnable task) {
    threads.execute(task);
  }

  /** Registers a connection for {@link #cutAll} and {@link #close}. */
  void add(Socket connection) {
    open.add(connection);
  }

  void cut(Socket connection) {
    open.remove(connection);
    quietly(connection);
  }

  void cutAll() {
    open.forEach(this::cut);
  }

  @Override
  public void close() {
    closed = true;
    quietly(listener);
    accepting.join(); // Until then the port still takes connections.
    cutAll();
    threads.shutdownNow();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket connection = listener.accept();
        connections.incrementAndGet();
        open.add(connection);
        if (closed) {
          cut(connection);
        } else {
          threads.execute(() -> serve(connection));
        }
      } catch (IOException | RejectedExecutionException e) {
        if (!closed) {
          throw new IllegalStateException("the server cannot accept connections", e);
        }
      }
    }
  }

  private void serve(Socket connection) {
    try {
      connection.setTcpNoDelay(true);
      handler.serve(connection);
    } catch (IOException e) {
      // Either side closed the connection, or the handler cut it: the client sees a cut.
    } finally {
      cut(connection);
    }
  }

  private static void quietly(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed now anyway.
    }
  }
}
