package io.inframetrics.testkit.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda Runtime API that a runtime client talks to, on a port of its own: hands out events one
 * by one and takes their answers. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda Runtime
 *     API</a>
 */
public final class LambdaRuntimeApi implements AutoCloseable {

  private static final String ROOT = "/2018-06-01/runtime/";
  private static final int ACCEPTED = 202;
  private static final Pattern ERROR_TYPE = Pattern.compile("\"errorType\":\"([^\"]*)\"");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
  private final Map<String, Invocation> handedOut = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();
  private final CompletableFuture<Answer> initError = new CompletableFuture<>();
  private final CountDownLatch checkpointReached = new CountDownLatch(1);
  private final CountDownLatch restored = new CountDownLatch(1);

  private LambdaRuntimeApi(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext(ROOT, this::handle);
    server.start();
  }

  /** Starts listening on loopback. */
  public static LambdaRuntimeApi start() {
    try {
      return new LambdaRuntimeApi(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    } catch (IOException e) {
      throw new UncheckedIOException("could not listen on loopback", e);
    }
  }

  /** What {@code AWS_LAMBDA_RUNTIME_API} is set to. */
  public String hostAndPort() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * What a function answered.
   *
   * @param body the response, or the error, as JSON
   * @param errorType null if it succeeded; else the name that a state machine matches
   */
  public record Answer(String body, @Nullable String errorType) {}

  /** Queues an event; the future has its answer. */
  public CompletableFuture<Answer> invoke(String event, Duration time) {
    Invocation invocation =
        new Invocation(
            "request-" + number.incrementAndGet(), event, time, new CompletableFuture<>());
    waiting.add(invocation);
    return invocation.answer();
  }

  /** Done when the client tells that the function could not be initialised. */
  public CompletableFuture<Answer> initError() {
    return initError;
  }

  /** Waits until the client stands at the checkpoint of SnapStart; false if it does not in time. */
  public boolean awaitCheckpoint(Duration time) throws InterruptedException {
    return checkpointReached.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets a client at the checkpoint go on. */
  public void restore() {
    restored.countDown();
  }

  private record Invocation(
      String id, String event, Duration time, CompletableFuture<Answer> answer) {}

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath().substring(ROOT.length());
      List<String> parts = List.of(path.split("/", -1));
      if (path.equals("invocation/next")) {
        next(exchange);
      } else if (path.equals("restore/next")) {
        checkpointReached.countDown();
        restored.await();
        answer(exchange, 200, "");
      } else if (path.equals("init/error") || path.equals("restore/error")) {
        initError.complete(new Answer(body, errorType(body)));
        answer(exchange, ACCEPTED, "");
      } else if (parts.size() == 3 && handedOut.containsKey(parts.get(1))) {
        Invocation invocation = Objects.requireNonNull(handedOut.remove(parts.get(1)));
        boolean failed = parts.get(2).equals("error");
        answer(exchange, ACCEPTED, "");
        invocation.answer().complete(new Answer(body, failed ? errorType(body) : null));
      } else {
        answer(exchange, 404, "no " + path);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed while a client waits.
    }
  }

  private void next(HttpExchange exchange) throws IOException, InterruptedException {
    Invocation invocation = waiting.take();
    handedOut.put(invocation.id(), invocation);
    long deadline = Instant.now().plus(invocation.time()).toEpochMilli();
    exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", invocation.id());
    exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms", Long.toString(deadline));
    exchange
        .getResponseHeaders()
        .set(
            "Lambda-Runtime-Invoked-Function-Arn",
            "arn:aws:lambda:us-east-1:000000000000:function:under-test");
    answer(exchange, 200, invocation.event());
  }

  /** The name that Step Functions goes by; the header of the request has only Lambda's own. */
  private static String errorType(String error) {
    Matcher type = ERROR_TYPE.matcher(error);
    return type.find() ? type.group(1) : "";
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
