package io.inframetrics.benchmark;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.inframetrics.benchmark.Variant.Kind;
import io.inframetrics.benchmark.Variant.Start;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a warm call costs beside the plain handler: {@code process} with S3's test event, which
 * names no file, so that no store is asked. Each round starts one JVM for each variant, in turn;
 * the handler is called in it without the runtime client, many times, after as many that do not
 * count.
 */
public final class WarmBenchmark {

  private static final String JDK = "jdk=";
  private static final int ROUNDS = 5;
  private static final int CALLS = 20_000;
  private static final double NANOS_PER_MICRO = 1_000;
  private static final byte[] NO_OP =
      "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"b\"}"
          .getBytes(StandardCharsets.UTF_8);

  private WarmBenchmark() {}

  /**
   * The whole comparison, on this JVM's JDK or that of {@code jdk=HOME}; with a handler's class
   * name one JVM's part.
   */
  public static void main(String[] arguments) throws Exception {
    String argument = arguments.length == 0 ? JDK + System.getProperty("java.home") : arguments[0];
    if (!argument.startsWith(JDK)) {
      measure(argument);
      return;
    }
    Path folder = Files.createTempDirectory("warm");
    Path java = Path.of(argument.substring(JDK.length()));
    Map<Kind, List<double[]>> figures = new LinkedHashMap<>();
    try (Servers servers = new Servers()) {
      Deployments deployments = new Deployments(folder.resolve("deployments"), java, servers);
      for (int round = 0; round < ROUNDS; round++) {
        for (Kind kind : List.of(Kind.PLAIN, Kind.OURS, Kind.STOCK)) {
          figures
              .computeIfAbsent(kind, k -> new ArrayList<>())
              .add(inFreshJvm(deployments, new Variant(kind, Start.CDS)));
        }
      }
    }
    System.out.println("| variant | p50 us | p99 us | p50 over plain |\n|---|---|---|---|");
    double base = median(Objects.requireNonNull(figures.get(Kind.PLAIN)), 0);
    figures.forEach(
        (kind, all) ->
            System.out.printf(
                "| %s | %.1f | %.1f | %+.1f |%n",
                kind, median(all, 0), median(all, 1), median(all, 0) - base));
    System.exit(0); // The stand-ins leave threads behind.
  }

  private static double median(List<double[]> figures, int index) {
    double[] sorted = figures.stream().mapToDouble(figure -> figure[index]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static double[] inFreshJvm(Deployments deployments, Variant variant)
      throws IOException, InterruptedException {
    Path result = Files.createTempFile("warm", ".txt");
    ProcessBuilder builder =
        deployments.java(variant, "process", WarmBenchmark.class, variant.kind().handler());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(result.toFile());
    if (builder.start().waitFor() != 0) {
      throw new IllegalStateException(Files.readString(result));
    }
    List<String> lines = Files.readAllLines(result);
    return Arrays.stream(lines.get(lines.size() - 1).split(" "))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static void measure(String name) throws Exception {
    RequestStreamHandler handler =
        (RequestStreamHandler) Class.forName(name).getDeclaredConstructor().newInstance();
    double[] micros = new double[CALLS];
    for (int call = -CALLS; call < CALLS; call++) {
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      long start = System.nanoTime();
      handler.handleRequest(new ByteArrayInputStream(NO_OP), answer, new Invocation());
      if (call >= 0) {
        micros[call] = (System.nanoTime() - start) / NANOS_PER_MICRO;
      }
      if (!answer.toString(StandardCharsets.UTF_8).contains("\"files_processed\":0")) {
        throw new IllegalStateException(answer.toString(StandardCharsets.UTF_8));
      }
    }
    Arrays.sort(micros);
    System.err.println(micros[CALLS / 2] + " " + micros[CALLS * 99 / 100]);
    System.exit(0);
  }

  /** An invocation with time left. */
  private record Invocation() implements Context {

    @Override
    public String getAwsRequestId() {
      return "request";
    }

    @Override
    public int getRemainingTimeInMillis() {
      return 60_000;
    }

    @Override
    public String getLogGroupName() {
      return "group";
    }

    @Override
    public String getLogStreamName() {
      return "stream";
    }

    @Override
    public String getFunctionName() {
      return "benchmark";
    }

    @Override
    public String getFunctionVersion() {
      return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "arn:aws:lambda:us-east-1:000000000000:function:benchmark";
    }

    @Override
    public CognitoIdentity getIdentity() {
      throw new UnsupportedOperationException("the benchmark does not use it");
    }

    @Override
    public ClientContext getClientContext() {
      throw new UnsupportedOperationException("the benchmark does not use it");
    }

    @Override
    public int getMemoryLimitInMB() {
      return 512;
    }

    @Override
    public LambdaLogger getLogger() {
      throw new UnsupportedOperationException("the benchmark does not use it");
    }
  }
}
