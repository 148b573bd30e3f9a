package io.inframetrics.testkit.aws;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on the loopback interface in front of one HTTP/1.1 server; its {@link FaultPlan} says
 * what to break. Clients use {@link #uri()} as their endpoint; heads go through unchanged, so that
 * signatures over them stay valid. Requests and responses are held in memory whole. Thread-safe;
 * any number of connections, one thread each (two where bytes pass unread).
 */
public final class FaultProxy implements AutoCloseable {

  private static final int BUFFER = 8192;

  private final String service;
  private final InetSocketAddress upstream;
  private final FaultPlan plan;
  private final LoopbackServer server;

  private FaultProxy(String service, InetSocketAddress upstream, FaultPlan plan) {
    this.service = service;
    this.upstream = upstream;
    this.plan = plan;
    this.server = LoopbackServer.start("fault-proxy-" + service, this::serve);
  }

  /**
   * Starts a proxy on a free port of the loopback interface.
   *
   * @param service a name for {@link ProxiedRequest#service()}, such as {@code s3}
   * @param upstream the server; it need not listen yet
   * @param plan may be shared with other proxies
   */
  public static FaultProxy start(String service, InetSocketAddress upstream, FaultPlan plan) {
    return new FaultProxy(service, upstream, plan);
  }

  /** Such as {@code http://127.0.0.1:40123}. */
  public URI uri() {
    return server.uri();
  }

  public int port() {
    return server.port();
  }

  /** The number of connections that clients have made so far. */
  public int connections() {
    return server.connections();
  }

  @Override
  public void close() {
    server.close();
  }

  private void serve(Socket client) throws IOException {
    if (plan.isRaw()) {
      pumpBothWays(client);
    } else {
      LoopbackServer.serveRequests(client, this::answer);
    }
  }

  /** What the client gets; null for a cut. */
  private @Nullable HttpMessage answer(HttpMessage message) throws IOException {
    Fault fault = plan.next(service, message);
    if (fault instanceof Fault.Instead instead) {
      if (instead.forwarded) {
        forward(message);
      }
      return instead.message;
    }
    if (fault instanceof Fault.Rewrite rewrite) {
      byte[] sent = message.body();
      HttpMessage changed = message.withChangedBody(rewrite.rewriter().request(sent));
      HttpMessage answer = forward(changed);
      return answer.withChangedBody(rewrite.rewriter().answer(sent, answer.body()));
    }
    return forward(message);
  }

  /** Uses a new connection per request, so that none meets one that the server just closed. */
  private HttpMessage forward(HttpMessage message) throws IOException {
    try (Socket connection = connect()) {
      // Closed by a reset: otherwise thousands of requests would use up the ports.
      connection.setSoLinger(true, 0);
      message.write(connection.getOutputStream());
      return HttpMessage.readAnswer(
          new BufferedInputStream(connection.getInputStream()), message.method());
    }
  }

  private Socket connect() throws IOException {
    Socket connection = new Socket(upstream.getAddress(), upstream.getPort());
    connection.setTcpNoDelay(true);
    return connection;
  }

  private void pumpBothWays(Socket client) throws IOException {
    if (plan.isDown()) {
      return;
    }
    Socket connection = connect();
    server.add(connection);
    try {
      server.execute(() -> pump(connection, client));
      pump(client, connection);
    } finally {
      server.cut(connection);
    }
  }

  /** Passes bytes on until either side closes or the plan ends. */
  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        int granted = plan.grant(read);
        out.write(buffer, 0, granted);
        if (plan.isDown()) {
          server.cutAll();
          return;
        }
      }
    } catch (IOException e) {
      // One side has closed: close the other.
    } finally {
      server.cut(from);
      server.cut(to);
    }
  }
}
