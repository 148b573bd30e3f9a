package io.inframetrics.cli.project;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates the project of a team's own collector. */
@Command(
    name = "new-collector",
    description =
        "Creates a project for a collector of your own: the collector and its tests, a Lambda layer,"
            + " and the deployment with your metric type.",
    mixinStandardHelpOptions = true)
public final class NewCollectorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "NAME",
      description =
          "the source's name, for --source and INFRAMETRICS_COLLECTOR_<NAME>_*: lower-case letters,"
              + " digits and single underscores")
  private String name = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      required = true,
      description = "the metric type that it measures, such as queue_depth")
  private String type = "";

  @Option(
      names = "--unit",
      paramLabel = "UNIT",
      required = true,
      description = "the unit of its values, one of CloudWatch's, such as Count or Percent")
  private String unit = "";

  @Option(
      names = "--threshold",
      paramLabel = "N",
      description = "a value that is too high; the default is 80 for Percent, else 1000")
  private @Nullable BigDecimal threshold;

  @Option(
      names = "--capacity",
      paramLabel = "N",
      description =
          "a value whose reaching is forecast; the default is 100 for Percent, else the threshold")
  private @Nullable BigDecimal capacity;

  @Option(
      names = "--package",
      paramLabel = "PACKAGE",
      description = "the Java package; the default is com.example.NAME")
  private @Nullable String javaPackage;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "a new or empty folder; the default is NAME-collector")
  private @Nullable Path out;

  private final Path home;

  /** Makes projects for the product at {@code home}. */
  public NewCollectorCommand(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() {
    CollectorProject.requireName(
        name, CollectorRegistry.sources(NewCollectorCommand.class.getClassLoader()));
    MetricType metricType = ExtraMetricType.type(type);
    MetricUnit metricUnit = ExtraMetricType.unit(unit);
    boolean percent = metricUnit == MetricUnit.PERCENT;
    BigDecimal limit = ExtraMetricType.positive("--threshold", threshold);
    BigDecimal full = ExtraMetricType.positive("--capacity", capacity);
    if (limit == null) {
      limit = BigDecimal.valueOf(percent ? 80 : 1_000);
    }
    if (full == null) {
      full = percent ? BigDecimal.valueOf(100) : limit;
    }
    CollectorProject project =
        new CollectorProject(
            new ExtraMetricType(name, metricType, metricUnit, limit, full, Map.of()),
            javaPackage == null ? "com.example." + name : javaPackage,
            CollectorProject.version(home));
    Path folder = out == null ? Path.of(project.artifact()) : out;
    ExtendedDeployment deployment = new ExtendedDeployment(home, List.of(project.deployedType()));
    deployment.requireNames(); // Before anything is written.
    project.write(folder);
    deployment.write(project.generated(folder));
    PrintWriter printer = spec.commandLine().getOut();
    printer.printf(
        "created %s; its README.md says how to build it, run it here and deploy it%n", folder);
    printer.flush();
    return 0;
  }
}
