package io.inframetrics.cli.project;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.text.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of a collector's own project, made from the templates beside this class. Names are
 * checked before they get into a path, a POM or Java code.
 *
 * @param version of InfraMetrics
 */
record CollectorProject(ExtraMetricType type, String javaPackage, String version) {

  private static final Pattern PACKAGE = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");
  private static final int MAX_PACKAGE_LENGTH = 100;

  private static final Pattern VERSION =
      Pattern.compile("<artifactId>inframetrics</artifactId>\\s*<version>([\\w.-]+)</version>");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");

  CollectorProject {
    if (javaPackage.length() > MAX_PACKAGE_LENGTH
        || !PACKAGE.matcher(javaPackage).matches()
        || !SourceVersion.isName(javaPackage, SourceVersion.RELEASE_17)) {
      throw new UsageException(
          "package '%s' is not valid: use lower-case names separated by dots, such as com.example.queue, and none that is a word of Java"
              .formatted(Texts.oneLine(javaPackage, 100)));
    }
  }

  /** Throws {@link UsageException} if a new source cannot have this name. */
  static void requireName(String name, Collection<String> taken) {
    ExtraMetricType.source(name);
    if (taken.contains(name)) {
      throw new UsageException(
          "there is already a source '%s': give yours another name".formatted(name));
    }
    if (name.equals("metric")) {
      throw new UsageException(
          "name 'metric' would make a class MetricCollector, which is the interface: use another name");
    }
  }

  /** The version of InfraMetrics, as its own POM says. */
  static String version(Path home) {
    Matcher version = VERSION.matcher(InputFile.text(home.resolve("pom.xml")));
    if (!version.find()) {
      throw new IllegalStateException("pom.xml of InfraMetrics has no version");
    }
    return version.group(1);
  }

  private String name() {
    return type.source();
  }

  /** The name of the jar, and by default of the folder. */
  String artifact() {
    return name().replace('_', '-') + "-collector";
  }

  /** The type with the settings of its collector, as the project's own file has it. */
  ExtraMetricType deployedType() {
    return new ExtraMetricType(
        type.source(),
        type.type(),
        type.unit(),
        type.threshold(),
        type.capacity(),
        Map.of("INFRAMETRICS_COLLECTOR_%s_FILE".formatted(upper()), "/opt/readings.txt"));
  }

  /** The template and the state machines with the type; not a part of the project's sources. */
  Path generated(Path folder) {
    return folder.resolve("deploy/generated");
  }

  /** Writes the project, but not the deployment, into a new or empty folder. */
  void write(Path folder) {
    try {
      if (Files.exists(folder) && !isEmptyFolder(folder)) {
        throw new UsageException(
            "'%s' exists already: name a new or empty folder with --out".formatted(folder));
      }
      for (Map.Entry<String, String> file : files().entrySet()) {
        Path path = folder.resolve(file.getKey());
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
        Files.writeString(path, file.getValue());
      }
    } catch (IOException e) {
      throw new UsageException("'%s' cannot be written: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static boolean isEmptyFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  /** The text of each file, by its path in the project. */
  Map<String, String> files() {
    String title = ExtraMetricType.title(name());
    String main = "src/main/java/" + javaPackage.replace('.', '/') + "/" + title;
    String test = "src/test/java/" + javaPackage.replace('.', '/') + "/" + title;
    Map<String, String> files = new TreeMap<>();
    files.put(".gitignore", "/target/\n/deploy/generated/\n");
    files.put("README.md", text("README.md"));
    files.put("pom.xml", text("pom.xml"));
    files.put("deploy/metric-type.json", typeJson());
    files.put("src/assembly/layer.xml", text("layer.xml"));
    files.put(main + "Collector.java", text("Collector.java"));
    files.put(main + "CollectorFactory.java", text("CollectorFactory.java"));
    files.put(main + "Readings.java", text("Readings.java"));
    files.put(main + "ReadingsFile.java", text("ReadingsFile.java"));
    files.put(
        "src/main/resources/META-INF/services/" + MetricCollectorFactory.class.getName(),
        "%s.%sCollectorFactory\n".formatted(javaPackage, title));
    files.put(test + "CollectorTest.java", text("CollectorTest.java"));
    files.put(test + "CollectorContractTest.java", text("CollectorContractTest.java"));
    files.put(test + "CollectorFactoryTest.java", text("CollectorFactoryTest.java"));
    return files;
  }

  private String typeJson() {
    ObjectNode json = InputFile.JSON.createObjectNode();
    json.put("source", name());
    json.put("metric_type", type.type().name());
    json.put("unit", type.unit().wireName());
    json.put("threshold", type.threshold());
    json.put("capacity", type.capacity());
    ObjectNode settings = json.putObject("settings");
    deployedType().settings().forEach(settings::put);
    return ExtendedDeployment.pretty(json);
  }

  private String upper() {
    return name().toUpperCase(Locale.ROOT);
  }

  private String text(String template) {
    return PLACEHOLDER
        .matcher(resource(template))
        .replaceAll(placeholder -> Matcher.quoteReplacement(value(placeholder.group(1))));
  }

  private String value(String placeholder) {
    return switch (placeholder) {
      case "name" -> name();
      case "NAME" -> upper();
      case "Name" -> ExtraMetricType.title(name());
      case "package" -> javaPackage;
      case "artifact" -> artifact();
      case "version" -> version;
      case "type" -> type.type().name();
      case "UNIT" -> type.unit().name();
      case "unit" -> type.unit().wireName();
      case "threshold" -> Objects.requireNonNull(type.threshold()).toPlainString();
      case "capacity" -> Objects.requireNonNull(type.capacity()).toPlainString();
      default -> throw new IllegalStateException("no value for {{" + placeholder + "}}");
    };
  }

  private static String resource(String name) {
    try (InputStream in = CollectorProject.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
