package io.inframetrics.testkit.aws;

import com.amazonaws.services.dynamodbv2.local.main.ServerRunner;
import com.amazonaws.services.dynamodbv2.local.server.DynamoDBProxyServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * DynamoDB Local in this JVM, in memory: the real request validation, expressions and limits, but
 * no throttling and no partitions. Where a table has a time to live it removes what has expired by
 * the machine's clock, within seconds: a test with a clock of its own wants a table without one.
 * Starts in one to two seconds; {@link #shared} starts one for all tests of a JVM, which keep apart
 * by their tables. Thread-safe.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html">DynamoDB
 *     Local usage notes</a>
 */
public final class EmbeddedDynamoDb implements AutoCloseable {

  private static final int MAX_TRIES = 5;

  private final DynamoDBProxyServer server;
  private final URI endpoint;
  private final AtomicInteger tables = new AtomicInteger();

  private EmbeddedDynamoDb(DynamoDBProxyServer server, int port) {
    this.server = server;
    this.endpoint = URI.create("http://127.0.0.1:" + port);
  }

  /** Holds the one server, and starts it when it is first asked for. */
  private static final class Shared {
    static final EmbeddedDynamoDb SERVER = start();
  }

  /** The server of this JVM, which is never closed. */
  public static EmbeddedDynamoDb shared() {
    return Shared.SERVER;
  }

  /**
   * A server of its own, on a free port.
   *
   * @throws IllegalStateException if it does not start
   */
  public static EmbeddedDynamoDb start() {
    for (int tries = 1; ; tries++) {
      int port = freePort();
      try {
        DynamoDBProxyServer server =
            ServerRunner.createServerFromCommandLineArgs(
                new String[] {
                  "-inMemory", "-disableTelemetry", "-port", Integer.toString(port),
                });
        server.start();
        return new EmbeddedDynamoDb(server, port);
      } catch (Exception e) {
        // Somebody may have taken the port between the look and the start.
        if (!isTaken(e) || tries == MAX_TRIES) {
          throw new IllegalStateException("DynamoDB Local did not start on port " + port, e);
        }
      }
    }
  }

  /** Where it listens, such as {@code http://127.0.0.1:41234}. */
  public URI endpoint() {
    return endpoint;
  }

  /** What a client's environment must say to reach it. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL_DYNAMODB", endpoint.toString(),
        "AWS_REGION", "eu-west-1",
        "AWS_ACCESS_KEY_ID", "local",
        "AWS_SECRET_ACCESS_KEY", "local");
  }

  /** A name that no table of this server has. */
  public String newTableName() {
    return "inframetrics-" + tables.incrementAndGet();
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local did not stop", e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("there is no free port for DynamoDB Local", e);
    }
  }

  private static boolean isTaken(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return true;
      }
    }
    return false;
  }
}
