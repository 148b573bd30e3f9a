package io.inframetrics.workflow;

import io.inframetrics.workflow.data.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Python's moto as a server of its own: it interprets state machines once it is told to.
 *
 * @see <a href="https://docs.getmoto.org/en/latest/docs/services/stepfunctions.html">moto: Step
 *     Functions</a>
 */
final class MotoServer implements AutoCloseable {

  private static final String COMMAND = "moto_server";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration EXECUTION_LIMIT = Duration.ofSeconds(60);

  /** An execution that has begun. */
  record Begun(String account, JsonNode arn) {}

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final URI address;
  private int accounts;

  private MotoServer(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** The command, where the PATH has it. */
  static Optional<File> command() {
    return Stream.of(
            System.getenv().getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator)))
        .map(directory -> new File(directory, COMMAND))
        .filter(File::canExecute)
        .findFirst();
  }

  /**
   * Starts a server on a free port of the loopback interface.
   *
   * @throws IOException with the reason when it does not come up or does not interpret
   */
  static MotoServer start(File command) throws IOException, InterruptedException {
    int port;
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    Process process =
        new ProcessBuilder(command.getPath(), "-H", "127.0.0.1", "-p", String.valueOf(port))
            .redirectErrorStream(true)
            .start();
    MotoServer server = new MotoServer(process, URI.create("http://127.0.0.1:" + port + "/"));
    try {
      server.awaitRunning();
      server.post(
          "moto-api/config",
          "000000000000",
          "config",
          "{\"stepfunctions\":{\"execute_state_machine\":true}}");
      server.run(
          Json.parse("{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}"),
          Json.NODES.objectNode());
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Reads what the server prints, first until it is up, then for as long as it runs. */
  private void awaitRunning() throws IOException {
    CompletableFuture<Boolean> running = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  if (line.contains("Running on")) {
                    running.complete(true);
                  }
                }
              } catch (IOException e) {
                running.completeExceptionally(e);
              }
              running.complete(false);
            },
            "moto-output");
    reader.setDaemon(true);
    reader.start();
    if (!running.completeOnTimeout(false, START_LIMIT.toSeconds(), TimeUnit.SECONDS).join()) {
      throw new IOException(COMMAND + " did not come up");
    }
  }

  /** Runs a definition to its end: status, and output or error. */
  JsonNode run(JsonNode definition, JsonNode input) throws IOException, InterruptedException {
    return result(begin(definition, input));
  }

  /**
   * Starts a definition, in an account of its own: moto copies a state machine with everything its
   * account holds, and an execution that has begun cannot be copied.
   */
  Begun begin(JsonNode definition, JsonNode input) throws IOException, InterruptedException {
    String account = "%012d".formatted(++accounts);
    ObjectNode create = Json.NODES.objectNode();
    create.put("name", "machine");
    create.put("definition", Json.text(definition));
    create.put("roleArn", "arn:aws:iam::123456789012:role/any");
    JsonNode machine = call(account, "CreateStateMachine", create);
    ObjectNode start = Json.NODES.objectNode();
    start.set("stateMachineArn", machine.get("stateMachineArn"));
    start.put("name", "execution");
    start.put("input", Json.text(input));
    return new Begun(account, call(account, "StartExecution", start).get("executionArn"));
  }

  /** Asks until the execution has ended. */
  JsonNode result(Begun execution) throws IOException, InterruptedException {
    ObjectNode describe = Json.NODES.objectNode();
    describe.set("executionArn", execution.arn());
    long end = System.nanoTime() + EXECUTION_LIMIT.toNanos();
    while (System.nanoTime() < end) {
      JsonNode answer = call(execution.account(), "DescribeExecution", describe);
      if (!answer.get("status").stringValue().equals("RUNNING")) {
        return answer;
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    throw new IOException("moto's execution has not ended: " + execution.arn());
  }

  private JsonNode call(String account, String action, JsonNode body)
      throws IOException, InterruptedException {
    return Json.parse(post("", account, "AWSStepFunctions." + action, Json.text(body)));
  }

  private String post(String path, String account, String target, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve(path))
            .timeout(EXECUTION_LIMIT)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", target)
            .header("x-moto-account-id", account)
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=any")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(target + ": " + response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  @Override
  public void close() {
    // The command may be a script around the server.
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
