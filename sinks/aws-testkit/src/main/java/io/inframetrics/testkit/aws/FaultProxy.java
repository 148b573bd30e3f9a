package io.inframetrics.testkit.aws;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on the loopback interface in front of one HTTP/1.1 server, that breaks what its {@link
 * FaultPlan} says. Clients use {@link #uri()} as their endpoint; heads go through unchanged, so
 * that signatures over them fit. Requests and answers are held in memory whole. Thread-safe; any
 * number of connections, one thread each (two where bytes pass unread).
 */
public final class FaultProxy implements AutoCloseable {

  private static final int BACKLOG = 128;
  private static final int BUFFER = 8192;
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final String service;
  private final InetSocketAddress upstream;
  private final FaultPlan plan;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean closed;

  private FaultProxy(
      String service, InetSocketAddress upstream, FaultPlan plan, ServerSocket listener) {
    this.service = service;
    this.upstream = upstream;
    this.plan = plan;
    this.listener = listener;
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread =
                  new Thread(task, "fault-proxy-" + service + "-" + THREADS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts a proxy on a free port of the loopback interface.
   *
   * @param service a name for {@link ProxiedRequest#service()}, such as {@code s3}
   * @param upstream the server; it need not listen yet
   * @param plan may be shared with other proxies
   */
  public static FaultProxy start(String service, InetSocketAddress upstream, FaultPlan plan)
      throws IOException {
    ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    FaultProxy proxy = new FaultProxy(service, upstream, plan, listener);
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  /** Where clients connect, such as {@code http://127.0.0.1:40123}. */
  public URI uri() {
    return URI.create("http://" + listener.getInetAddress().getHostAddress() + ":" + port());
  }

  /** The port that it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections clients have made so far. */
  public int connections() {
    return connections.get();
  }

  /** Closes every connection and stops listening. */
  @Override
  public void close() {
    closed = true;
    quietly(listener);
    cutAll();
    threads.shutdownNow();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        connections.incrementAndGet();
        open.add(client);
        if (closed) {
          cut(client);
        } else {
          threads.execute(() -> serve(client));
        }
      } catch (IOException | RejectedExecutionException e) {
        if (!closed) {
          throw new IllegalStateException("the fault proxy cannot accept connections", e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try {
      client.setTcpNoDelay(true);
      if (plan.isRaw()) {
        pumpBothWays(client);
      } else {
        serveRequests(buffered(client), client.getOutputStream());
      }
    } catch (IOException e) {
      // The client went away, the server refused, or the plan cut: to the client all are a cut.
    } finally {
      cut(client);
    }
  }

  private void serveRequests(BufferedInputStream in, OutputStream out) throws IOException {
    boolean goesOn = true;
    while (goesOn) {
      HttpMessage message = HttpMessage.readRequest(in, out);
      HttpMessage answer = message == null ? null : answer(message);
      if (message == null || answer == null) {
        return;
      }
      answer.write(out);
      goesOn = !message.isLast() && !answer.isLast();
    }
  }

  /** What the client gets; null for a cut. */
  private @Nullable HttpMessage answer(HttpMessage message) throws IOException {
    Fault fault = plan.next(service, message);
    if (fault == Fault.CUT_BEFORE) {
      return null;
    }
    if (fault == Fault.CUT_AFTER) {
      forward(message);
      return null;
    }
    if (fault instanceof Fault.Answer instead) {
      if (instead.isForwarded()) {
        forward(message);
      }
      return instead.message();
    }
    if (fault instanceof Fault.Rewrite rewrite) {
      byte[] sent = message.body();
      HttpMessage changed = message.withChangedBody(rewrite.rewriter().request(sent));
      HttpMessage answer = forward(changed);
      return answer.withChangedBody(rewrite.rewriter().answer(sent, answer.body()));
    }
    return forward(message);
  }

  /** Each request has a connection of its own, so that none meets one the server just closed. */
  private HttpMessage forward(HttpMessage message) throws IOException {
    try (Socket server = connect()) {
      message.write(server.getOutputStream());
      return HttpMessage.readAnswer(buffered(server), message.method());
    }
  }

  private Socket connect() throws IOException {
    Socket server = new Socket(upstream.getAddress(), upstream.getPort());
    server.setTcpNoDelay(true);
    // Closed by a reset: thousands of requests would use up the ports otherwise.
    server.setSoLinger(true, 0);
    return server;
  }

  private void pumpBothWays(Socket client) throws IOException {
    if (plan.isDown()) {
      return;
    }
    Socket server = new Socket(upstream.getAddress(), upstream.getPort());
    server.setTcpNoDelay(true);
    open.add(server);
    try {
      threads.execute(() -> pump(server, client));
      pump(client, server);
    } finally {
      cut(server);
    }
  }

  /** Passes bytes on until either side ends or the plan does. */
  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        int granted = plan.grant(read);
        out.write(buffer, 0, granted);
        if (plan.isDown()) {
          cutAll();
          return;
        }
      }
    } catch (IOException e) {
      // One side is gone: so is the other.
    } finally {
      cut(from);
      cut(to);
    }
  }

  private void cutAll() {
    open.forEach(this::cut);
  }

  private void cut(Socket socket) {
    open.remove(socket);
    quietly(socket);
  }

  private static void quietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // It is gone, which is what was asked for.
    }
  }

  private static BufferedInputStream buffered(Socket socket) throws IOException {
    return new BufferedInputStream(socket.getInputStream(), BUFFER);
  }
}
