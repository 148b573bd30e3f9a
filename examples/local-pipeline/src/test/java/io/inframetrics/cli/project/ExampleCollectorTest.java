package io.inframetrics.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.Executed;
import io.inframetrics.cli.VirtualContext;
import io.inframetrics.cli.source.CompiledJars;
import io.inframetrics.collect.MetricCollectorFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** {@code examples/custom-collector}: what {@code new-collector} creates, built and used. */
@Timeout(120)
class ExampleCollectorTest {

  private static final Path EXAMPLE =
      VirtualContext.REPOSITORY.resolve("examples/custom-collector");
  private static final Path GENERATED = Path.of("deploy", "generated");
  private static final String SERVICE =
      "META-INF/services/" + MetricCollectorFactory.class.getName();

  @TempDir private Path folder;

  /** If this fails: delete the folder, and create it again with this command. */
  @Test
  void isWhatTheCommandCreatesToday() throws IOException {
    Path created = create();

    Map<Path, String> today = files(created);
    assertThat(today.keySet()).anyMatch(file -> file.startsWith(GENERATED));
    today.keySet().removeIf(file -> file.startsWith(GENERATED));
    Map<Path, String> example = files(EXAMPLE);
    example.keySet().removeIf(file -> file.startsWith(GENERATED) || file.startsWith("target"));
    assertThat(example).isEqualTo(today);
  }

  private Path create() {
    Path created = folder.resolve("created");
    assertThat(
            Executed.command(
                    "new-collector",
                    "queue",
                    "--type",
                    "queue_depth",
                    "--unit",
                    "Count",
                    "--out",
                    created)
                .succeeded()
                .out())
        .isEqualTo(
            "created %s; its README.md says how to build it, run it here and deploy it\n"
                .formatted(created));
    return created;
  }

  private static Map<Path, String> files(Path root) throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(root)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        files.put(root.relativize(file), Files.readString(file));
      }
    }
    return files;
  }

  private static List<Path> javaFiles(Path below) throws IOException {
    try (Stream<Path> found = Files.walk(below)) {
      return found.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  @Test
  void itsOwnTestsPassAndItsTypeIsAnalyzedInItsFirstRun() throws Exception {
    Path created = create();
    Map<String, byte[]> jar =
        CompiledJars.compile(folder.resolve("classes"), javaFiles(created.resolve("src/main")));
    jar.put(SERVICE, Files.readAllBytes(created.resolve("src/main/resources").resolve(SERVICE)));
    Path main = CompiledJars.jar(folder.resolve("jars/queue-collector.jar"), jar);
    Map<String, byte[]> tests =
        CompiledJars.compile(folder.resolve("classes"), javaFiles(created.resolve("src/test")));
    tests.keySet().removeAll(jar.keySet());

    theTestsPass(main, CompiledJars.jar(folder.resolve("tests.jar"), tests));
    theTypeIsAnalyzed(created);
  }

  private static void theTestsPass(Path main, Path tests) throws IOException {
    SummaryGeneratingListener results = new SummaryGeneratingListener();
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader classes =
        new URLClassLoader(
            new URL[] {main.toUri().toURL(), tests.toUri().toURL()},
            ExampleCollectorTest.class.getClassLoader())) {
      Thread.currentThread().setContextClassLoader(classes);
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request()
              .selectors(
                  Stream.of("Collector", "CollectorContract", "CollectorFactory")
                      .map(name -> DiscoverySelectors.selectClass(loaded(classes, name)))
                      .toArray(ClassSelector[]::new))
              .build();
      LauncherFactory.create().execute(request, results);
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
    StringWriter failures = new StringWriter();
    results.getSummary().printFailuresTo(new PrintWriter(failures, true));
    assertThat(results.getSummary().getTotalFailureCount()).as(failures.toString()).isZero();
    assertThat(results.getSummary().getTestsSucceededCount()).isGreaterThan(10);
  }

  private static Class<?> loaded(ClassLoader classes, String name) {
    try {
      return classes.loadClass("com.example.queue.Queue" + name + "Test");
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private void theTypeIsAnalyzed(Path created) throws IOException {
    Instant now = new VirtualContext().clock().instant();
    StringBuilder readings = new StringBuilder();
    for (int i = 36; i >= 0; i--) {
      readings.append("%d %d\n".formatted(now.getEpochSecond() - 300L * i, 40 + i % 5));
    }
    Path file = Files.writeString(folder.resolve("readings.txt"), readings);
    VirtualContext around =
        new VirtualContext() {
          @Override
          public Map<String, String> environment() {
            return Map.of(
                "INFRAMETRICS_COLLECTOR_QUEUE_FILE",
                file.toString(),
                "INFRAMETRICS_COLLECTOR_SYNTHETIC_STEP",
                "PT1H",
                "INFRAMETRICS_THRESHOLDS",
                "queue_depth=30",
                "INFRAMETRICS_CAPACITIES",
                "queue_depth=1000");
          }
        };

    Executed run =
        Executed.command(
                around,
                "run",
                "--collectors",
                folder.resolve("jars"),
                "--source=queue,synthetic",
                "--definition",
                created.resolve(GENERATED).resolve("statemachine/pipeline.asl.json"),
                "--data",
                folder.resolve("data"))
            .succeeded();

    assertThat(run.out())
        .contains("SUCCEEDED, HEALTHY", "queue_depth      36 observations", "  queue  40.00 Count")
        .contains("queue_depth queue: ", " is above the threshold of 30 ");
  }
}
