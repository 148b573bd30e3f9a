package io.inframetrics.testkit.aws;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Lambda Runtime API for a runtime client, on a port of its own: hands out events one by one
 * and takes their answers. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda Runtime
 *     API</a>
 */
public final class LambdaRuntimeApi implements AutoCloseable {

  private static final String ROOT = "/2018-06-01/runtime/";
  private static final int ACCEPTED = 202;
  private static final Pattern ERROR_TYPE = Pattern.compile("\"errorType\":\"([^\"]*)\"");

  private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
  private final Map<String, Invocation> handedOut = new ConcurrentHashMap<>();
  private final AtomicInteger number = new AtomicInteger();
  private final CompletableFuture<Answer> initError = new CompletableFuture<>();
  private final CountDownLatch checkpointReached = new CountDownLatch(1);
  private final CountDownLatch restored = new CountDownLatch(1);
  private final LoopbackServer server =
      LoopbackServer.startHttp("lambda-runtime-api", this::answer);

  private LambdaRuntimeApi() {}

  public static LambdaRuntimeApi start() {
    return new LambdaRuntimeApi();
  }

  /** The value for {@code AWS_LAMBDA_RUNTIME_API}. */
  public String hostAndPort() {
    return "127.0.0.1:" + server.port();
  }

  /**
   * What a function answered.
   *
   * @param body the response, or the error, as JSON
   * @param errorType null if it succeeded; otherwise the name that a state machine matches
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

  /** Completes when the client reports that the function could not be initialised. */
  public CompletableFuture<Answer> initError() {
    return initError;
  }

  /** Waits until the client reaches the checkpoint of SnapStart; false on timeout. */
  public boolean awaitCheckpoint(Duration time) throws InterruptedException {
    return checkpointReached.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Lets a client at the checkpoint continue. */
  public void restore() {
    restored.countDown();
  }

  private record Invocation(
      String id, String event, Duration time, CompletableFuture<Answer> answer) {}

  private @Nullable HttpMessage answer(HttpMessage request) {
    String body = new String(request.body(), StandardCharsets.UTF_8);
    String path = request.path().substring(Math.min(ROOT.length(), request.path().length()));
    List<String> parts = List.of(path.split("/", -1));
    try {
      if (path.equals("invocation/next")) {
        return next();
      }
      if (path.equals("restore/next")) {
        checkpointReached.countDown();
        restored.await();
        return answer(200, Map.of(), "");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed while a client waits.
      return null;
    }
    if (path.equals("init/error") || path.equals("restore/error")) {
      initError.complete(new Answer(body, errorType(body)));
      return answer(ACCEPTED, Map.of(), "");
    }
    Invocation invocation = parts.size() == 3 ? handedOut.remove(parts.get(1)) : null;
    if (invocation == null) {
      return answer(404, Map.of(), "no " + path);
    }
    boolean failed = parts.get(2).equals("error");
    invocation.answer().complete(new Answer(body, failed ? errorType(body) : null));
    return answer(ACCEPTED, Map.of(), "");
  }

  private HttpMessage next() throws InterruptedException {
    Invocation invocation = waiting.take();
    handedOut.put(invocation.id(), invocation);
    long deadline = Instant.now().plus(invocation.time()).toEpochMilli();
    return answer(
        200,
        Map.of(
            "Lambda-Runtime-Aws-Request-Id",
            invocation.id(),
            "Lambda-Runtime-Deadline-Ms",
            Long.toString(deadline),
            "Lambda-Runtime-Invoked-Function-Arn",
            "arn:aws:lambda:us-east-1:000000000000:function:under-test",
            "Content-Type",
            "application/json"),
        invocation.event());
  }

  /** The name that Step Functions uses; the header of the request has only Lambda's own. */
  private static String errorType(String error) {
    Matcher type = ERROR_TYPE.matcher(error);
    return type.find() ? type.group(1) : "";
  }

  private static HttpMessage answer(int status, Map<String, String> headers, String text) {
    return HttpMessage.answer(status, headers, text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
