package io.inframetrics.integration.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.testkit.aws.LambdaProcess;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A team's jar in a layer, which Lambda unpacks below {@code /opt}. */
class LayerIT {

  private static final String RUNTIME_CLASS_LOADER =
      "com.amazonaws.services.lambda.runtime.api.client.CustomerClassLoader";

  @TempDir private static Path task;

  @TempDir private Path work;

  @BeforeAll
  static void unpack() throws IOException {
    DeployedStack.unpack(DeployedStack.zip(), task);
  }

  @Test
  void bringsACollectorWithItsSettings() throws Exception {
    Path layer = work.resolve("opt/java");
    TeamJar.write(layer.resolve("lib/team.jar"));

    try (URLClassLoader runtime = runtime();
        URLClassLoader customer = customer(layer, runtime)) {
      Object settings =
          customer
              .loadClass("io.inframetrics.functions.FunctionSettings")
              .getMethod("of", Map.class, Clock.class)
              .invoke(
                  null,
                  Map.of(
                      "INFRAMETRICS_BUCKET", "b",
                      "INFRAMETRICS_TABLE", "t",
                      "INFRAMETRICS_SOURCE", "synthetic,queues",
                      "INFRAMETRICS_COLLECTOR_QUEUES_DEPTH", "42"),
                  Clock.systemUTC());
      Object collectors =
          settings
              .getClass()
              .getMethod("discover", ClassLoader.class, Clock.class)
              .invoke(settings, customer, Clock.systemUTC());

      assertThat(collectors.getClass().getMethod("types").invoke(collectors).toString())
          .contains("queue_depth", "cpu_utilization");
    }
  }

  @Test
  void isNotThereWithoutTheLayer() throws Exception {
    Path nothing = Files.createDirectories(work.resolve("opt/java"));

    try (URLClassLoader runtime = runtime();
        URLClassLoader customer = customer(nothing, runtime)) {
      Object sources =
          customer
              .loadClass("io.inframetrics.collect.CollectorRegistry")
              .getMethod("sources", ClassLoader.class)
              .invoke(null, customer);

      assertThat(sources.toString()).contains("synthetic").doesNotContain("queues");
    }
  }

  /** What is above the customer's code: the runtime client's jars and the JDK. */
  private static URLClassLoader runtime() throws Exception {
    List<String> jars = List.of(LambdaProcess.runtimeClassPath().split(File.pathSeparator));
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      urls[i] = Path.of(jars.get(i)).toUri().toURL();
    }
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  /** Made as the runtime client makes it, which keeps its constructor to itself. */
  private static URLClassLoader customer(Path layer, ClassLoader runtime) throws Exception {
    Constructor<?> constructor =
        runtime
            .loadClass(RUNTIME_CLASS_LOADER)
            .getDeclaredConstructor(String.class, String.class, ClassLoader.class);
    constructor.setAccessible(true);
    return (URLClassLoader) constructor.newInstance(task.toString(), layer.toString(), runtime);
  }
}
