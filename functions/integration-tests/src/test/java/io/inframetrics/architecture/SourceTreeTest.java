package io.inframetrics.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.architecture.SourceTree.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The sources keep the order that CONTRIBUTING.md promises, so that it can be read off the tree.
 */
class SourceTreeTest {

  /** Types in one package; more are two packages. */
  private static final int MAX_TYPES = 20;

  private static final String PRODUCT = "io.inframetrics.";

  /**
   * Every package of main code, the lowest first. A package may use those before it and none after
   * it; so there are no cycles.
   */
  private static final List<String> ORDER =
      List.of(
          "metric",
          "time",
          "pipeline", // the two exceptions, whose names are a contract with the state machine
          "text",
          "naming",
          "sink",
          "collect",
          "encode",
          "collect.host",
          "collect.prometheus.http",
          "collect.prometheus",
          "collect.synthetic",
          "collect.program",
          "collect.plugin",
          "collect.sysstat",
          "detect",
          "detect.threshold",
          "detect.stale",
          "detect.forecast",
          "detect.regular",
          "detect.anomaly",
          "pipeline.rawfile",
          "pipeline.collect",
          "pipeline.process",
          "pipeline.health",
          "pipeline.analysis",
          "pipeline.report",
          "page",
          "testkit",
          "testkit.contract",
          "testkit.memory",
          "aws",
          "sink.s3",
          "sink.dynamodb",
          "sink.cloudwatch",
          "sink.otlp",
          "sink.sns",
          "source.cloudwatch",
          "sink.local",
          "micrometer",
          "spring",
          "testkit.aws.dynamodb",
          "testkit.aws.cloudwatch",
          "testkit.aws",
          "functions.log",
          "functions.payload",
          "functions",
          "functions.aws",
          "functions.lambda.snapstart",
          "functions.lambda",
          "workflow.data",
          "workflow.jsonata",
          "workflow.definition",
          "workflow.resource",
          "workflow.history",
          "workflow.items",
          "workflow.choice",
          "workflow.retry",
          "workflow.state",
          "workflow.execution",
          "workflow.testing",
          "workflow",
          "workflow.junit",
          "template",
          "cost",
          "cli.input",
          "cli.monitor",
          "cli.series",
          "cli.page",
          "cli.backtest",
          "cli.cost",
          "cli.status",
          "cli.source",
          "cli.publish",
          "cli.project",
          "cli.doctor",
          "cli",
          "benchmarks",
          "benchmark.plain");

  /** A test of several modules stands here. */
  private static final String SEVERAL_MODULES = "functions/integration-tests";

  private static List<Source> sources;

  @BeforeAll
  static void readTheTree() throws IOException {
    sources = SourceTree.read();
    assertThat(sources).hasSizeGreaterThan(500);
    assertThat(sources.stream().map(Source::module).collect(Collectors.toSet()))
        .as("every module with a POM has sources, and no source is outside of one")
        .isEqualTo(SourceTree.modules());
  }

  private static List<Source> main() {
    return sources.stream().filter(source -> !source.test()).toList();
  }

  @Test
  void aPackageHasAtMostTwentyFiles() {
    Map<String, Integer> tooLarge = new TreeMap<>();
    main().stream()
        .filter(source -> !source.isPackageInfo())
        .forEach(source -> tooLarge.merge(source.packageName(), 1, Integer::sum));
    tooLarge.values().removeIf(count -> count <= MAX_TYPES);
    assertThat(tooLarge).isEmpty();
  }

  @Test
  void aPackageStandsInOneModule() {
    Map<String, Set<String>> modules = new TreeMap<>();
    main()
        .forEach(
            source ->
                modules
                    .computeIfAbsent(source.packageName(), name -> new TreeSet<>())
                    .add(source.module()));
    modules.values().removeIf(found -> found.size() == 1);
    assertThat(modules).isEmpty();
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    Set<String> packages =
        main().stream()
            .map(source -> source.packageName().substring(PRODUCT.length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(packages).isEqualTo(new TreeSet<>(ORDER));
  }

  @Test
  void aPackageUsesOnlyLowerOnes() {
    List<String> upwards = new ArrayList<>();
    for (Source source : main()) {
      int place = ORDER.indexOf(source.packageName().substring(PRODUCT.length()));
      for (String used : source.uses()) {
        if (ORDER.indexOf(used.substring(PRODUCT.length())) >= place) {
          upwards.add("%s.%s uses %s".formatted(source.packageName(), source.type(), used));
        }
      }
    }
    assertThat(upwards).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsFor() {
    Set<String> packages = new TreeSet<>();
    Set<String> described = new HashSet<>();
    for (Source source : main()) {
      packages.add(source.packageName());
      if (source.isPackageInfo() && source.text().startsWith("/**")) {
        described.add(source.packageName());
      }
    }
    packages.removeAll(described);
    assertThat(packages).isEmpty();
  }

  @Test
  void aTestStandsInTheModuleOfWhatItTests() {
    Map<String, Set<String>> modules = new HashMap<>();
    main()
        .forEach(
            source ->
                modules
                    .computeIfAbsent(source.type(), name -> new HashSet<>())
                    .add(source.module()));
    List<String> elsewhere = new ArrayList<>();
    for (Source source : sources) {
      String tested = source.type().replaceAll("(Test|IT|SoakTest)$", "");
      if (source.test() && !tested.equals(source.type()) && modules.containsKey(tested)) {
        Set<String> where = modules.get(tested);
        if (!where.contains(source.module()) && !source.module().equals(SEVERAL_MODULES)) {
          elsewhere.add("%s of %s stands in %s".formatted(source.type(), where, source.module()));
        }
      }
    }
    assertThat(elsewhere).isEmpty();
  }
}
