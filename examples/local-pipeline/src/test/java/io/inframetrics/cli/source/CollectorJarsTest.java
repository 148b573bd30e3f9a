package io.inframetrics.cli.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.Executed;
import io.inframetrics.collect.MetricCollectorFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jars of collectors that are there, and those that cannot be used: one sentence each. */
@Timeout(60)
class CollectorJarsTest {

  private static final String SERVICE =
      "META-INF/services/" + MetricCollectorFactory.class.getName();

  private static final String SOURCE =
      """
      package team;

      import io.inframetrics.collect.*;
      import io.inframetrics.metric.*;
      import java.util.List;

      public final class Queues implements MetricCollectorFactory {
        public Queues() {}
        public String name() { return "queues"; }
        public List<MetricCollector> create(CollectorSettings settings) {
          SettingsReader reader = new SettingsReader(settings);
          String url = reader.text("url", "");
          if (url.isEmpty()) {
            reader.mistake("INFRAMETRICS_COLLECTOR_QUEUES_URL is missing: name the queue");
          }
          reader.number("page_size", 100, 1, 1_000);
          reader.duration("age", java.time.Duration.ofMinutes(5));
          reader.text("region", "eu-west-1");
          reader.finish();
          return List.of(new Depth(url, new lib.Client()));
        }
        record Depth(String url, lib.Client client) implements MetricCollector {
          public MetricType type() { return new MetricType("queue_depth"); }
          public void collect(CollectionRequest request, MetricConsumer consumer) {
            consumer.accept(new Observation(
                Series.of(type(), url), request.until(), client.depth(), MetricUnit.COUNT, "here"));
          }
        }
      }
      """;

  private static final String LIBRARY =
      """
      package lib;

      public final class Client {
        public Client() {}
        public double depth() { return 7; }
      }
      """;

  private static Map<String, byte[]> collector;
  private static Map<String, byte[]> library;

  @TempDir Path folder;

  @BeforeAll
  static void compile(@TempDir Path work) throws IOException {
    Path queues = Files.writeString(work.resolve("Queues.java"), SOURCE);
    Path client = Files.writeString(work.resolve("Client.java"), LIBRARY);
    collector = CompiledJars.compile(work.resolve("classes"), List.of(queues, client));
    library = new TreeMap<>(Map.of("lib/Client.class", collector.remove("lib/Client.class")));
    collector.put(SERVICE, "team.Queues # ours\n".getBytes(StandardCharsets.UTF_8));
  }

  private Executed sources() {
    return Executed.command("sources", "--collectors", folder);
  }

  @Test
  void aSourceOfTheFolderIsListedWithItsSettingsBesideOurs() throws IOException {
    CompiledJars.jar(folder.resolve("queues.jar"), collector);
    CompiledJars.jar(folder.resolve("client.jar"), library);

    assertThat(sources().succeeded().out())
        .contains(
            """
            queues, from queues.jar
              cannot be used as it is set: INFRAMETRICS_COLLECTOR_QUEUES_URL is missing: name the queue
              INFRAMETRICS_COLLECTOR_QUEUES_AGE  a positive ISO-8601 duration such as PT5M, by default PT5M
              INFRAMETRICS_COLLECTOR_QUEUES_PAGE_SIZE  a whole number from 1 to 1000, by default 100
              INFRAMETRICS_COLLECTOR_QUEUES_REGION  text, by default eu-west-1
              INFRAMETRICS_COLLECTOR_QUEUES_URL  text
            """)
        .contains(
            """
              measures cpu_utilization, disk_usage, memory_usage, network_traffic
              INFRAMETRICS_COLLECTOR_HOST_INSTANCE_ID  text
            """);
  }

  @Test
  void aMissingDependencyIsNamed() throws IOException {
    CompiledJars.jar(folder.resolve("queues.jar"), collector);

    assertThat(sources().succeeded().out())
        .contains("queues, from queues.jar", "INFRAMETRICS_COLLECTOR_QUEUES_URL is missing");
    Executed.command("run", "--source=host,queues", "--collectors", folder)
        .refused("INFRAMETRICS_COLLECTOR_QUEUES_URL is missing");

    Map<String, byte[]> needsMore = new TreeMap<>(collector);
    needsMore.remove("team/Queues$Depth.class");
    CompiledJars.jar(folder.resolve("queues.jar"), needsMore);
    CompiledJars.jar(folder.resolve("client.jar"), library);
    assertThat(withUrl().err())
        .contains(
            "source 'queues' (queues.jar) cannot be loaded: it needs the class team.Queues$Depth,"
                + " which is in no jar; add the jar that has it");
  }

  @Test
  void aTypeThatNoStateCollectsIsNamed() throws IOException {
    CompiledJars.jar(folder.resolve("queues.jar"), collector);
    CompiledJars.jar(folder.resolve("client.jar"), library);

    assertThat(run("queues,synthetic").err())
        .startsWith(
            "note: no state collects queue_depth, which one of the sources queues, synthetic"
                + " measures: use --definition with a state machine that does, such as inframetrics"
                + " deployment writes\n");
    assertThat(withUrl().err()).contains("queue_depth, which the source queues measures");
    assertThat(run("synthetic").err()).doesNotContain("no state collects");
  }

  private Executed withUrl() {
    return run("queues");
  }

  private Executed run(String sources) {
    return Executed.command(
        new io.inframetrics.cli.VirtualContext() {
          @Override
          public Map<String, String> environment() {
            return Map.of("INFRAMETRICS_COLLECTOR_QUEUES_URL", "orders");
          }
        },
        "run",
        "--source=" + sources,
        "--collectors",
        folder,
        "--data",
        folder.resolve("data"));
  }

  @Test
  void aNewerJavaIsNamed() throws IOException {
    Map<String, byte[]> newer = new TreeMap<>(collector);
    byte[] patched = newer.get("team/Queues.class").clone();
    patched[7] = 99; // The major version of the class file.
    newer.put("team/Queues.class", patched);
    CompiledJars.jar(folder.resolve("queues.jar"), newer);

    sources()
        .refused(
            "team.Queues is compiled for Java 55 and this is Java " + Runtime.version().feature(),
            "use a newer Java, or compile it with --release");
  }

  @Test
  void twoOfOneNameAreNamedWithTheirJars() throws IOException {
    CompiledJars.jar(folder.resolve("queues-1.jar"), collector);
    CompiledJars.jar(folder.resolve("queues-2.jar"), collector);
    sources()
        .refused("both queues-1.jar and queues-2.jar", "have the source team.Queues: remove one");

    Files.delete(folder.resolve("queues-2.jar"));
    Map<String, byte[]> second = new TreeMap<>();
    second.put(SERVICE, Named.class.getName().getBytes(StandardCharsets.UTF_8));
    CompiledJars.jar(folder.resolve("second.jar"), second);
    sources()
        .refused(
            "two sources are named 'queues', team.Queues in queues-1.jar and",
            Named.class.getName());
  }

  /** Found on the class path, as a source of the product would be. */
  public static final class Named implements MetricCollectorFactory {

    /** For {@link java.util.ServiceLoader}. */
    public Named() {}

    @Override
    public String name() {
      return "queues";
    }

    @Override
    public List<io.inframetrics.collect.MetricCollector> create(
        io.inframetrics.collect.CollectorSettings settings) {
      return List.of();
    }
  }

  @Test
  void aFolderWithoutCollectorsIsRefused() throws IOException {
    sources().refused("has no jar: build your collectors, or name another folder");
    Executed.command("sources", "--collectors", folder.resolve("nowhere"))
        .refused("nowhere' is not a folder");

    Path jar = CompiledJars.jar(folder.resolve("client.jar"), library);
    sources().refused("no jar in --collectors", "has a source: name your factory in its META-INF");

    Files.writeString(jar, "This is not a jar.");
    sources().refused("client.jar' cannot be read as a jar", "build it again or remove it");

    CompiledJars.jar(jar, Map.of(SERVICE, "team.Gone".getBytes(StandardCharsets.UTF_8)));
    sources().refused("a source cannot be loaded", "Provider team.Gone not found");
  }

  @Test
  void withoutAFolderThereAreOurs() {
    assertThat(Executed.command("sources").succeeded().lines())
        .filteredOn(line -> !line.startsWith(" "))
        .extracting(line -> line.substring(0, line.indexOf(',')))
        .contains("cloudwatch", "host", "synthetic")
        .isSorted();
  }
}
