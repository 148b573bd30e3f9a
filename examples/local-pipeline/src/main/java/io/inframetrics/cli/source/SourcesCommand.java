package io.inframetrics.cli.source;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.metric.MetricType;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists every source that {@code run --source} takes, with its settings. */
@Command(
    name = "sources",
    description =
        "Lists every source that run --source takes: what it measures, its settings and their"
            + " defaults.",
    mixinStandardHelpOptions = true)
public final class SourcesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--collectors",
      paramLabel = "DIR",
      description = "a folder with the jars of your own collectors, which are listed, too")
  private @Nullable Path collectors;

  private final Map<String, String> environment;
  private final Clock clock;

  /** A command that reads the settings from {@code environment}. */
  public SourcesCommand(Map<String, String> environment, Clock clock) {
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (CollectorJars jars = CollectorJars.open(collectors)) {
      Map<String, Map<String, String>> settings =
          FunctionSettings.collectors(environment, CollectorRegistry.sources(jars.classLoader()));
      List<CollectorRegistry.Source> sources =
          CollectorRegistry.describe(
              name -> new CollectorSettings(name, settings.getOrDefault(name, Map.of()), clock),
              jars.classLoader());
      for (CollectorRegistry.Source source : sources) {
        print(source, out);
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
    out.flush();
    return 0;
  }

  private static void print(CollectorRegistry.Source source, PrintWriter out) {
    out.printf("%s, from %s%n", source.name(), source.jar());
    if (source.problem() == null) {
      out.printf(
          "  measures %s%n",
          source.types().stream().map(MetricType::name).collect(Collectors.joining(", ")));
    } else {
      out.printf("  cannot be used as it is set: %s%n", source.problem());
    }
    for (CollectorSettings.Known setting : source.settings()) {
      out.printf(
          "  %s  %s%s%s%n",
          setting.variable(),
          setting.form(),
          setting.otherwise().isEmpty() ? "" : ", by default " + setting.otherwise(),
          setting.isSet() ? " (set)" : "");
    }
  }
}
