package io.inframetrics.benchmark;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.testkit.aws.LambdaProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes an ahead-of-time cache for each function (JDK 25), by its real work under the real runtime
 * client against servers in this process. For container images: {@code deploy/Dockerfile} runs it,
 * in the place where the function will run, because paths, times of files, JDK and garbage
 * collector must be the same then.
 */
public final class AotTraining {

  private static final String HANDLER = "io.inframetrics.functions.lambda.LambdaHandler";
  private static final List<String> FUNCTIONS =
      List.of("collect", "process", "healthCheck", "analyze");

  private AotTraining() {}

  /**
   * Trains.
   *
   * @param arguments the folder with the unpacked zip, and the folder for the caches: {@code
   *     <function>.aot} each, and {@code classpath}, which is what {@code java -cp} must be given
   */
  public static void main(String[] arguments) {
    int status = 0;
    try {
      train(Path.of(arguments[0]).toRealPath(), Files.createDirectories(Path.of(arguments[1])));
    } catch (Exception e) {
      e.printStackTrace();
      status = 1;
    }
    System.exit(status); // The stand-ins leave threads behind.
  }

  /** What makes a JVM write a cache when it ends; without profiles, which only C2 would read. */
  static String[] flags(Path cache) {
    return new String[] {
      "-XX:AOTCacheOutput=" + cache, "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining"
    };
  }

  private static void train(Path taskRoot, Path caches) throws IOException, InterruptedException {
    Path jar = Deployments.merged(taskRoot, caches);
    Path work = Files.createTempDirectory("training");
    try (Servers servers = new Servers()) {
      for (String function : FUNCTIONS) {
        Path cache = caches.resolve(function + ".aot");
        LambdaProcess.Builder recording =
            LambdaProcess.of(taskRoot, work, HANDLER)
                .classPath(List.of(jar))
                .environment(environment(servers, function))
                .flags("--enable-native-access=ALL-UNNAMED")
                .flags(flags(cache));
        try (LambdaProcess process = recording.start()) {
          call(process, servers, function);
          process.terminate();
        }
        LambdaProcess.Builder checked =
            LambdaProcess.of(taskRoot, work, HANDLER)
                .classPath(List.of(jar))
                .environment(environment(servers, function))
                .flags("--enable-native-access=ALL-UNNAMED", "-Xlog:class+load")
                .flags("-XX:AOTMode=on", "-XX:AOTCache=" + cache);
        try (LambdaProcess process = checked.start()) {
          call(process, servers, function);
          System.out.printf(
              "%s: %.1f MB, %s of the classes come from it%n",
              cache.getFileName(), Files.size(cache) / 1e6, share(process.output()));
        }
      }
    }
    String classPath = LambdaProcess.runtimeClassPath() + File.pathSeparator + jar;
    Files.writeString(caches.resolve("classpath"), classPath);
  }

  private static String share(String log) {
    List<String> loaded = log.lines().filter(line -> line.contains(" source: ")).toList();
    long cached = loaded.stream().filter(line -> line.contains("shared objects file")).count();
    if (cached * 2 < loaded.size()) {
      throw new IllegalStateException(
          "only " + cached + " of " + loaded.size() + " classes come from the cache");
    }
    return cached + " of " + loaded.size();
  }

  private static Map<String, String> environment(Servers servers, String function) {
    Map<String, String> environment = servers.environment();
    environment.put("SPRING_CLOUD_FUNCTION_DEFINITION", function);
    return environment;
  }

  private static void call(LambdaProcess process, Servers servers, String function) {
    List<String> events = new ArrayList<>();
    // Of the last run that was collected, so that there is something to look at.
    CollectionRun run = new CollectionRun("training", servers.lastRun());
    String collections =
        """
        "run_id":"training","collections":[{"metric_type":"cpu_utilization","run_id":"training",\
        "observed_at":"%s","status":"COLLECTED","metric_count":1,"objects":[{"key":"%s",\
        "metric_type":"cpu_utilization","metric_count":1}],"sink_failures":[]}]}"""
            .formatted(
                run.observedAt(),
                new DatedObjectKeys().candidates(MetricType.CPU_UTILIZATION, run).get(0));
    switch (function) {
      case "healthCheck" -> events.add("{" + collections);
      case "analyze" -> {
        events.add("{\"analysis\":\"anomalies\"," + collections);
        events.add("{\"analysis\":\"forecast\"," + collections);
      }
      default -> events.add(servers.event(function));
    }
    events.forEach(event -> Deployments.ok(process.invoke(event)));
  }
}
