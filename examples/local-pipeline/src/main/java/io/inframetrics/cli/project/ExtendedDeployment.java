package io.inframetrics.cli.project;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.definition.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A copy of the deployment that has further metric types: the state machines with a branch for
 * each, and the template with their thresholds, capacities, settings, alarms and dashboard. A
 * parameter of the template could not do it: CloudFormation cannot add a branch to a definition.
 */
final class ExtendedDeployment {

  /** The longest name of a state. */
  private static final int MAX_STATE_NAME = 80;

  private static final String BRANCHES = "/States/ParallelDataCollection/Branches";
  private static final String COLLECTIONS = "/States/StoredRecords/Parameters/collections";

  private static final ObjectWriter WRITER =
      InputFile.JSON
          .writer()
          .with(
              new DefaultPrettyPrinter(
                      Separators.createDefaultInstance()
                          .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                          .withArrayEmptySeparator("")
                          .withObjectEmptySeparator(""))
                  .withArrayIndenter(new DefaultIndenter("  ", "\n"))
                  .withObjectIndenter(new DefaultIndenter("  ", "\n")));

  private final Path home;
  private final List<ExtraMetricType> types;

  /** The deployment below {@code home}, with these types. */
  ExtendedDeployment(Path home, List<ExtraMetricType> types) {
    this.home = home;
    this.types = List.copyOf(types);
    Set<String> names = new TreeSet<>();
    for (ExtraMetricType each : types) {
      if (!names.add(each.type().name())) {
        throw new UsageException(
            "metric type '%s' is given twice: name each file once".formatted(each.type()));
      }
    }
  }

  /** Writes the template and the state machines below {@code folder}; returns the files. */
  List<Path> write(Path folder) {
    Path machines = folder.resolve("statemachine");
    Map<Path, String> files = new TreeMap<>();
    for (Path definition :
        List.of(ProductFiles.DEFINITION, ProductFiles.COLLECT, ProductFiles.ANALYZE)) {
      files.put(
          machines.resolve(String.valueOf(definition.getFileName())),
          extended(InputFile.text(home.resolve(definition))));
    }
    files.put(folder.resolve("template.yaml"), template(folder));
    try {
      Files.createDirectories(machines);
      for (Map.Entry<Path, String> file : files.entrySet()) {
        Files.writeString(file.getKey(), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' cannot be written".formatted(folder), e);
    }
    return List.copyOf(files.keySet());
  }

  /** Throws {@link UsageException} if a type's states cannot have their names. */
  void requireNames() {
    String unused = extended(InputFile.text(home.resolve(ProductFiles.DEFINITION)));
  }

  /** A definition with the types in its parallel collection, or in what it says to analyze. */
  String extended(String text) {
    JsonNode definition = InputFile.JSON.readTree(text);
    for (ExtraMetricType each : types) {
      if (definition.at(BRANCHES) instanceof ArrayNode branches) {
        branches.add(branch(branches.get(0), each, stateNames(definition)));
      }
      if (definition.at(COLLECTIONS) instanceof ArrayNode collections) {
        collections.add(collection(collections.get(0), each));
      }
    }
    String extended = pretty(definition);
    List<Problem> problems = StateMachine.validate(extended);
    if (!problems.isEmpty()) {
      throw new IllegalStateException("the extended definition is not valid: " + problems);
    }
    return extended;
  }

  static String pretty(JsonNode json) {
    return WRITER.writeValueAsString(json) + "\n";
  }

  private static Set<String> stateNames(JsonNode definition) {
    Set<String> names = new TreeSet<>();
    for (JsonNode machine : definition.findParents("StartAt")) {
      names.addAll(machine.path("States").propertyNames());
    }
    return names;
  }

  /** The first branch, with the names of another type. */
  private static JsonNode branch(JsonNode first, ExtraMetricType type, Set<String> taken) {
    String task = "Collect" + type.title() + "Metrics";
    String failed = type.title() + "CollectionFailed";
    for (String name : List.of(task, failed)) {
      if (taken.contains(name) || name.length() > MAX_STATE_NAME) {
        throw new UsageException(
            "metric type '%s' needs a state %s, which %s: give the type another name"
                .formatted(
                    type.type(), name, taken.contains(name) ? "exists already" : "is too long"));
      }
    }
    String firstTask = first.path("StartAt").asString();
    String firstFailed = first.at("/States/" + firstTask + "/Catch/0/Next").asString();
    ObjectNode states = InputFile.JSON.createObjectNode();
    JsonNode collect = first.path("States").path(firstTask).deepCopy();
    JsonNode caught = first.path("States").path(firstFailed).deepCopy();
    ((ObjectNode) collect)
        .put(
            "Comment",
            "Collects %s. Returns object keys and counts, never observations."
                .formatted(type.type()));
    ((ObjectNode) collect.path("Parameters")).put("metric_type", type.type().name());
    ((ObjectNode) collect.path("Catch").get(0)).put("Next", failed);
    ((ObjectNode) caught.path("Parameters")).put("metric_type", type.type().name());
    states.set(task, collect);
    states.set(failed, caught);
    ObjectNode branch = InputFile.JSON.createObjectNode();
    branch.put("StartAt", task);
    branch.set("States", states);
    return branch;
  }

  private static JsonNode collection(JsonNode first, ExtraMetricType type) {
    JsonNode collection = first.deepCopy();
    ((ObjectNode) collection).put("metric_type", type.type().name());
    for (JsonNode object : collection.path("objects")) {
      ((ObjectNode) object).put("metric_type", type.type().name());
    }
    return collection;
  }

  /** The template with the types; each insertion has an anchor, which a test checks. */
  private String template(Path folder) {
    TemplateText template = new TemplateText(InputFile.text(home.resolve(ProductFiles.TEMPLATE)));
    template.codeUri(home.toAbsolutePath().resolve("deploy"), folder);
    List<String> sources = template.source(types);
    Map<String, String> analysis = new TreeMap<>();
    limits(analysis, "INFRAMETRICS_THRESHOLDS", ExtraMetricType::threshold);
    limits(analysis, "INFRAMETRICS_CAPACITIES", ExtraMetricType::capacity);
    template.variables("analyze", analysis);
    Map<String, String> settings = new TreeMap<>();
    types.forEach(type -> addSettings(settings, type, sources));
    template.variables("collect", settings);
    types.forEach(template::alarm);
    template.widgets(types);
    return template.text();
  }

  /** Refuses what the function would refuse when it starts, after everything is deployed. */
  private static void addSettings(
      Map<String, String> all, ExtraMetricType type, List<String> sources) {
    type.settings()
        .forEach(
            (name, value) -> {
              if (FunctionSettings.sourceOf(name, sources).isEmpty() || name.endsWith("_")) {
                throw new UsageException(
                    "setting '%s' of metric type '%s' belongs to none of the sources %s: name it INFRAMETRICS_COLLECTOR_%s_..."
                        .formatted(
                            name,
                            type.type(),
                            String.join(", ", sources),
                            type.source().toUpperCase(Locale.ROOT)));
              }
              String other = all.put(name, value);
              if (other != null && !other.equals(value)) {
                throw new UsageException(
                    "setting '%s' has two values, in metric type '%s' and in one before: give it one"
                        .formatted(name, type.type()));
              }
            });
  }

  private void limits(
      Map<String, String> variables,
      String name,
      Function<ExtraMetricType, @Nullable BigDecimal> limit) {
    List<String> pairs = new ArrayList<>();
    for (ExtraMetricType type : types) {
      BigDecimal number = limit.apply(type);
      if (number != null) {
        pairs.add(type.type() + "=" + number.toPlainString());
      }
    }
    if (!pairs.isEmpty()) {
      variables.put(name, String.join(",", pairs));
    }
  }
}
