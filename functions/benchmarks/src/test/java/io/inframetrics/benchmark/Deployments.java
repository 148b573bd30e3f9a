package io.inframetrics.benchmark;

import io.inframetrics.testkit.aws.LambdaProcess;
import io.inframetrics.testkit.aws.LambdaRuntimeApi.Answer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Every variant as files, ready to start; with its cache, if it has one. */
final class Deployments {

  /** What the plain handler has no use for. */
  private static final List<String> ONLY_SPRING_NEEDS =
      List.of(
          "spring-",
          "reactor-core",
          "micrometer-",
          "jcl-over-slf4j",
          "joda-time",
          "jackson-datatype-joda",
          "jakarta.annotation-api",
          "crac");

  /** What starts a function in an image. */
  private static final String IMAGE_FLAGS =
      "@" + Path.of("../../deploy/run-function.flags").toAbsolutePath().normalize();

  /** As for a function of 512 MB: Lambda leaves the heap about 85 percent of it. */
  private static final List<String> HEAP = List.of("-Xmx440m");

  private static final String MAIN_CLASS = "io.inframetrics.functions.lambda.LambdaApplication";

  private final Path folder;
  private final Path javaHome;
  private final Servers servers;

  Deployments(Path folder, Path javaHome, Servers servers) throws IOException {
    this.folder = folder;
    this.javaHome = javaHome;
    this.servers = servers;
    if (!Files.exists(folder)) {
      unpack(zip(), root(Variant.Kind.OURS));
      copy(root(Variant.Kind.OURS), root(Variant.Kind.PLAIN), Deployments::isOfThePlainHandler);
      Files.copy(
          only(Path.of("target"), "*.jar"), root(Variant.Kind.PLAIN).resolve("lib/benchmark.jar"));
    }
  }

  /** The zip that the build leaves. */
  static Path zip() throws IOException {
    return only(Path.of("../target"), "*.zip");
  }

  /** The zip under the stock handler is the zip. */
  private Path root(Variant.Kind kind) {
    Variant.Kind packed = kind == Variant.Kind.STOCK ? Variant.Kind.OURS : kind;
    return folder.resolve(packed.name().toLowerCase(Locale.ROOT));
  }

  /** A process that is still to be started, on these processors. */
  LambdaProcess.Builder process(Variant variant, String function, String processors)
      throws IOException {
    return process(variant, function, processors, servers.environment());
  }

  /** The same with another installation's environment. */
  LambdaProcess.Builder process(
      Variant variant, String function, String processors, Map<String, String> installation)
      throws IOException {
    LambdaProcess.Builder builder =
        bare(variant, function, installation).launcher("taskset", "-c", processors);
    switch (variant.start()) {
      case ZIP -> {}
      case CDS -> builder.flags("-XX:SharedArchiveFile=" + cache(variant, function));
      case AOT -> builder.flags(IMAGE_FLAGS, "-XX:AOTCache=" + cache(variant, function));
      case SNAP_PRIMED -> builder.snapStart();
      // The runtime client stops at the checkpoint, but the functions' hooks are not called.
      case SNAP_UNPRIMED ->
          builder.environment(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"));
    }
    return builder;
  }

  private LambdaProcess.Builder bare(
      Variant variant, String function, Map<String, String> installation) throws IOException {
    Path root = root(variant.kind());
    LambdaProcess.Builder builder =
        LambdaProcess.of(root, folder.resolve("work"), variant.kind().handler())
            .javaHome(javaHome)
            .environment(installation)
            .environment(
                Map.of("SPRING_CLOUD_FUNCTION_DEFINITION", function, "MAIN_CLASS", MAIN_CLASS))
            .flags(HEAP.toArray(String[]::new));
    if (jdk() >= 24) {
      builder.flags("--enable-native-access=ALL-UNNAMED");
    }
    if (variant.start().hasCache()) {
      builder.classPath(List.of(merged(root, folder.resolve("work"))));
    }
    return builder;
  }

  /**
   * A task root as one jar in {@code work}: only what is in a jar on the JVM's own class path can
   * come from an archive.
   */
  static Path merged(Path root, Path work) throws IOException {
    Path merged = work.resolve(root.getFileName() + ".jar");
    if (!Files.exists(merged)) {
      Files.createDirectories(work);
      MergedJar.write(root, merged);
    }
    return merged;
  }

  /** A JVM without the runtime client that runs one of these classes over a variant's jars. */
  ProcessBuilder java(Variant variant, String function, Class<?> main, String argument)
      throws IOException {
    Path root = root(variant.kind());
    String tests = Path.of("target/test-classes").toAbsolutePath().toString();
    ProcessBuilder builder =
        new ProcessBuilder(
            javaHome.resolve("bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            String.join(
                File.pathSeparator,
                LambdaProcess.runtimeClassPath(),
                root.toString(),
                root.resolve("lib") + "/*",
                tests),
            main.getName(),
            argument);
    builder.environment().putAll(servers.environment());
    builder.environment().put("SPRING_CLOUD_FUNCTION_DEFINITION", function);
    builder.environment().put("MAIN_CLASS", MAIN_CLASS);
    return builder;
  }

  /** The feature release of the JDK that is measured. */
  int jdk() throws IOException {
    return Files.readAllLines(javaHome.resolve("release")).stream()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .map(line -> Integer.parseInt(line.replaceAll("[^0-9]+([0-9]+).*", "$1")))
        .findFirst()
        .orElseThrow();
  }

  private Path cache(Variant variant, String function) {
    return folder.resolve(variant.toString().replace(' ', '-') + "-" + function + ".cache");
  }

  /** Writes the caches by a run of the same work, and sees to it that they are used. */
  void train(Variant variant, String function) throws IOException, InterruptedException {
    Path cache = cache(variant, function);
    LambdaProcess.Builder recording = bare(variant, function, servers.environment());
    if (variant.start() == Variant.Start.AOT) {
      recording.flags(AotTraining.flags(cache));
    } else {
      recording.flags("-XX:ArchiveClassesAtExit=" + cache);
    }
    try (LambdaProcess training = recording.start()) {
      ok(training.invoke(servers.event(function)));
      training.terminate();
      if (!Files.exists(cache)) {
        throw new IllegalStateException("no cache was written:\n" + training.output());
      }
    }
    try (LambdaProcess check = process(variant, function, "0").flags("-Xlog:class+load").start()) {
      ok(check.invoke(servers.event(function)));
      String handler = variant.kind().handler();
      boolean used =
          check
              .output()
              .lines()
              .anyMatch(
                  line ->
                      line.contains(" " + handler + " ") && line.contains("shared objects file"));
      if (!used) {
        throw new IllegalStateException("the cache is not used for " + handler);
      }
    }
  }

  static String ok(Answer answer) {
    if (answer.errorType() != null) {
      throw new IllegalStateException("the function failed: " + answer.body());
    }
    if (answer.body().contains("\"PARTIAL\"")) {
      throw new IllegalStateException("the function did not do all of its work: " + answer.body());
    }
    return answer.body();
  }

  private static boolean isOfThePlainHandler(String name) {
    return ONLY_SPRING_NEEDS.stream().noneMatch(name::startsWith);
  }

  private static Path only(Path folder, String pattern) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.toAbsolutePath(), pattern)) {
      return files.iterator().next();
    }
  }

  private static void copy(Path from, Path to, Predicate<String> names) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (names.test(file.getFileName().toString())) {
          Path target = to.resolve(from.relativize(file));
          Files.createDirectories(target.getParent());
          Files.copy(file, target);
        }
      }
    }
  }

  private static void unpack(Path zip, Path folder) throws IOException {
    try (InputStream file = Files.newInputStream(zip);
        ZipInputStream in = new ZipInputStream(file)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (!entry.isDirectory()) {
          Path target = folder.resolve(entry.getName());
          Files.createDirectories(target.getParent());
          Files.copy(in, target);
        }
      }
    }
  }
}
