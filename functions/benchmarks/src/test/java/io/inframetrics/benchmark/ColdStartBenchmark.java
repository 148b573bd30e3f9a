package io.inframetrics.benchmark;

import io.inframetrics.benchmark.Variant.Kind;
import io.inframetrics.benchmark.Variant.Start;
import io.inframetrics.testkit.aws.LambdaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Measures from the start of a process under the real Lambda runtime client to its first response,
 * against servers in this process, which is kept off the processor of the one-processor rounds.
 * Rounds are interleaved: each starts every variant once, so that a busy machine is busy for all.
 *
 * <p>Arguments, each {@code name=value}, values separated by commas: {@code jdk} (homes), {@code
 * rounds}, {@code processors} ({@code one}, {@code two}), {@code functions} ({@code collect},
 * {@code process}), {@code starts} ({@code zip}, {@code cds}, {@code aot}, {@code snap_unprimed},
 * {@code snap_primed}), {@code kinds}.
 */
public final class ColdStartBenchmark {

  private static final Variant BASE = new Variant(Kind.PLAIN, Start.ZIP);

  private ColdStartBenchmark() {}

  /** Measures and prints tables in Markdown. */
  public static void main(String[] arguments) {
    int status = 0;
    try {
      run(arguments);
    } catch (Exception e) {
      e.printStackTrace();
      status = 1;
    }
    System.exit(status); // The stand-ins leave threads behind.
  }

  private static void run(String[] arguments) throws IOException, InterruptedException {
    Map<String, List<String>> options = new LinkedHashMap<>();
    options.put("jdk", List.of(System.getProperty("java.home")));
    options.put("rounds", List.of("15"));
    options.put("processors", List.of("one", "two"));
    options.put("functions", List.of("collect", "process"));
    options.put("starts", List.of("zip", "cds", "aot", "snap_unprimed", "snap_primed"));
    options.put("kinds", List.of("plain", "ours", "stock"));
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length != 2 || options.replace(parts[0], List.of(parts[1].split(","))) == null) {
        throw new IllegalArgumentException(argument + ": use one of " + options);
      }
    }
    List<Start> starts =
        options.get("starts").stream().map(s -> Start.valueOf(s.toUpperCase(Locale.ROOT))).toList();
    List<Kind> kinds =
        options.get("kinds").stream().map(s -> Kind.valueOf(s.toUpperCase(Locale.ROOT))).toList();
    int rounds = Integer.parseInt(options.get("rounds").get(0));
    System.out.printf("zip: %.1f MB%n", Files.size(Deployments.zip()) / 1e6);
    try (Servers servers = new Servers()) {
      for (String home : options.get("jdk")) {
        Path folder = Files.createTempDirectory("coldstart");
        Deployments deployments =
            new Deployments(folder.resolve("deployments"), Path.of(home), servers);
        List<Variant> variants =
            Variant.all(deployments.jdk(), starts).stream()
                .filter(variant -> kinds.contains(variant.kind()))
                .toList();
        for (String function : options.get("functions")) {
          for (Variant variant : variants) {
            if (variant.start().hasCache()) {
              deployments.train(variant, function);
            }
          }
          for (String processors : options.get("processors")) {
            System.out.printf(
                "%n%s, JDK %d, %s processor(s), %d rounds; load before: %s%n%n",
                function, deployments.jdk(), processors, rounds, load());
            print(measure(deployments, servers, variants, function, processors, rounds));
          }
        }
        Processes.delete(folder);
      }
    }
  }

  private static Map<Variant, List<Sample>> measure(
      Deployments deployments,
      Servers servers,
      List<Variant> variants,
      String function,
      String processors,
      int rounds)
      throws IOException, InterruptedException {
    String mask = processors.equals("one") ? "0" : "0,1";
    Processes.keepTo(processors.equals("one") ? "1" : "0,1");
    Map<Variant, List<Sample>> samples = new LinkedHashMap<>();
    variants.forEach(variant -> samples.put(variant, new ArrayList<>()));
    for (int round = 0; round <= rounds; round++) {
      for (Variant variant : variants) {
        Sample sample =
            start(deployments.process(variant, function, mask), variant, servers.event(function));
        if (round > 0) { // The first is for files and servers to be warm.
          Objects.requireNonNull(samples.get(variant)).add(sample);
        }
      }
    }
    return samples;
  }

  private static Sample start(LambdaProcess.Builder builder, Variant variant, String event)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (LambdaProcess process = builder.start()) {
      double cpuBefore = 0;
      if (variant.start().isSnapshot()) {
        process.awaitCheckpoint();
        cpuBefore = Processes.cpuMillis(process.pid());
        start = System.nanoTime();
        process.restore();
      }
      Deployments.ok(process.invoke(event));
      double millis = (System.nanoTime() - start) / 1e6;
      return new Sample(
          millis,
          Processes.cpuMillis(process.pid()) - cpuBefore,
          Processes.peakMegabytes(process.pid()));
    }
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
  }

  private static void print(Map<Variant, List<Sample>> samples) {
    List<Sample> base = samples.get(BASE);
    double baseMillis = base == null ? Double.NaN : Sample.median(base, Sample::millis);
    double baseCpu = base == null ? Double.NaN : Sample.median(base, Sample::cpuMillis);
    System.out.println("| variant | ms | ratio | CPU ms | ratio | peak MB | all ms |");
    System.out.println("|---|---|---|---|---|---|---|");
    samples.forEach(
        (variant, all) -> {
          double millis = Sample.median(all, Sample::millis);
          double cpu = Sample.median(all, Sample::cpuMillis);
          System.out.printf(
              "| %s | %.0f | %.2f | %.0f | %.2f | %.0f | %s |%n",
              variant,
              millis,
              millis / baseMillis,
              cpu,
              cpu / baseCpu,
              Sample.median(all, Sample::peakMegabytes),
              Arrays.toString(
                  all.stream().mapToLong(s -> Math.round(s.millis())).sorted().toArray()));
        });
  }
}
