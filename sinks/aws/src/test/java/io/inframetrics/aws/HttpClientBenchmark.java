package io.inframetrics.aws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Compares the SDK's HTTP clients where it matters here: the first call of a fresh JVM, and calls a
 * second once warm. Each round starts one JVM for each client, in turn, against one server on
 * loopback; medians over the rounds are printed. The README says how to run it, and what it said.
 */
public final class HttpClientBenchmark {

  private static final List<String> CLIENTS = List.of("url-connection", "apache5", "aws-crt");
  private static final int ROUNDS = 7;
  private static final int PARALLEL = 8;
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long MEASURED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private HttpClientBenchmark() {}

  /** Without arguments the whole comparison; with a client's name and a port one JVM's part. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2) {
      measure(arguments[0], Integer.parseInt(arguments[1]));
      return;
    }
    Map<String, List<double[]>> measured = new LinkedHashMap<>();
    CLIENTS.forEach(client -> measured.put(client, new ArrayList<>()));
    for (int round = 0; round < ROUNDS; round++) {
      for (String client : CLIENTS) {
        try (Server server = new Server()) {
          double[] figures = inFreshJvm(client, server.port());
          measured.get(client).add(figures);
        }
      }
    }
    System.out.println(
        "| client | first call | calls/s, 1 thread | calls/s, 8 threads | connections |");
    System.out.println("|---|---|---|---|---|");
    measured.forEach(
        (client, rounds) ->
            System.out.printf(
                Locale.ROOT,
                "| %s | %.0f ms | %.0f | %.0f | %.0f |%n",
                client,
                median(rounds, 0),
                median(rounds, 1),
                median(rounds, 2),
                median(rounds, 3)));
  }

  private static double median(List<double[]> rounds, int figure) {
    return rounds.stream().mapToDouble(f -> f[figure]).sorted().toArray()[rounds.size() / 2];
  }

  private static double[] inFreshJvm(String client, int port) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                HttpClientBenchmark.class.getName(),
                client,
                String.valueOf(port))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String[] words = new String(process.getInputStream().readAllBytes(), ISO_8859_1).split("\\s+");
    if (process.waitFor() != 0 || words.length != 4) {
      throw new IllegalStateException("the JVM for " + client + " said " + List.of(words));
    }
    double[] figures = new double[words.length];
    for (int i = 0; i < words.length; i++) {
      figures[i] = Double.parseDouble(words[i]);
    }
    return figures;
  }

  private static void measure(String client, int port) throws Exception {
    long start = System.nanoTime();
    SdkHttpClient http = http(client);
    Map<String, String> environment =
        Map.of(
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "AKID",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "AWS_ENDPOINT_URL", "http://127.0.0.1:" + port);
    try (http;
        AwsClients clients = AwsClients.builder(environment).httpClient(http).build()) {
      DynamoDbClient dynamoDb = clients.build("dynamodb", DynamoDbClient.builder());
      call(dynamoDb);
      double firstMillis = (System.nanoTime() - start) / 1e6;
      callsPerSecond(dynamoDb, 1, WARM_UP_NANOS);
      double alone = callsPerSecond(dynamoDb, 1, MEASURED_NANOS);
      double connections = connections(port);
      callsPerSecond(dynamoDb, PARALLEL, WARM_UP_NANOS);
      double together = callsPerSecond(dynamoDb, PARALLEL, MEASURED_NANOS);
      connections = connections(port) - connections - 1;
      System.out.println(firstMillis + " " + alone + " " + together + " " + connections);
    }
  }

  private static SdkHttpClient http(String client) {
    return switch (client) {
      case "url-connection" -> UrlConnectionHttpClient.builder().build();
      case "apache5" -> Apache5HttpClient.builder().build();
      case "aws-crt" -> AwsCrtHttpClient.builder().build();
      default -> throw new IllegalArgumentException(client + " is none of " + CLIENTS);
    };
  }

  private static void call(DynamoDbClient client) {
    client.putItem(b -> b.tableName("t").item(Map.of("id", AttributeValue.fromS("1"))));
  }

  private static double callsPerSecond(DynamoDbClient client, int threads, long nanos)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        counts.add(
            pool.submit(
                () -> {
                  int count = 0;
                  for (; System.nanoTime() - start < nanos; count++) {
                    call(client);
                  }
                  return count;
                }));
      }
      long all = 0;
      for (Future<Integer> count : counts) {
        all += count.get();
      }
      return all * 1e9 / (System.nanoTime() - start);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Asks the server how many connections it has had; the question is one itself. */
  private static double connections(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));
      return Double.parseDouble(
          Server.head(new BufferedInputStream(socket.getInputStream())).get("connections"));
    }
  }

  /** Answers every request with an empty JSON object. */
  private static final class Server implements AutoCloseable {

    private final ServerSocket listener =
        new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger connections = new AtomicInteger();

    Server() throws IOException {
      threads.execute(this::accept);
    }

    int port() {
      return listener.getLocalPort();
    }

    private void accept() {
      while (!listener.isClosed()) {
        try {
          Socket socket = listener.accept();
          connections.incrementAndGet();
          threads.execute(() -> serve(socket));
        } catch (IOException e) {
          // Closed: the loop ends.
        }
      }
    }

    private void serve(Socket socket) {
      try (socket) {
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        while (true) {
          Map<String, String> head = head(in);
          if (head.isEmpty()) {
            return;
          }
          in.readNBytes(Integer.parseInt(head.getOrDefault("content-length", "0")));
          out.write(
              ("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nConnections: "
                      + connections.get()
                      + "\r\nContent-Length: 2\r\n\r\n{}")
                  .getBytes(ISO_8859_1));
        }
      } catch (IOException e) {
        // The client is gone.
      }
    }

    /** The lines of a head by their names in small letters; empty at the end of a connection. */
    static Map<String, String> head(InputStream in) throws IOException {
      Map<String, String> head = new LinkedHashMap<>();
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          line.append((char) b);
          continue;
        }
        String text = line.toString().strip();
        line.setLength(0);
        if (text.isEmpty()) {
          return head;
        }
        String[] parts = text.split(":", 2);
        head.put(parts[0].toLowerCase(Locale.ROOT), parts.length == 2 ? parts[1].strip() : "");
      }
      return Map.of();
    }

    @Override
    public void close() throws IOException {
      listener.close();
      threads.shutdownNow();
    }
  }
}
