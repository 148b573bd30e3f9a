package io.inframetrics.cli.cost;

import io.inframetrics.cli.input.DurationConverter;
import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cost.CostModel;
import io.inframetrics.cost.CostModel.Fleet;
import io.inframetrics.cost.Scenario;
import io.inframetrics.template.Template;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "cost",
    description = {
      "Computes what a deployment costs a month, and what the free tier covers, from"
          + " deploy/template.yaml, the state machine and dated prices."
    },
    mixinStandardHelpOptions = true)
public final class CostCommand implements Callable<Integer> {

  private static final int MANY_INSTANCES = 1_000;
  private static final String RATE = "ScheduleRate";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "time from run to run, such as 5m, 3h or 1d; the default is that of the template. Of"
              + " others, the nearest that can be deployed is named")
  private @Nullable Duration every;

  @Option(
      names = "--instances",
      paramLabel = "N",
      defaultValue = "10",
      description = "number of instances that are watched; the default is ${DEFAULT-VALUE}")
  private int instances;

  @Option(
      names = "--stacks",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "number of such stacks in one account, which share its free tier; the default is"
              + " ${DEFAULT-VALUE}")
  private int stacks;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      defaultValue = "us-east-1",
      description = "region whose prices apply; the default is ${DEFAULT-VALUE}")
  private String region = "";

  @Option(
      names = "--dimension-policy",
      paramLabel = "fleet|instance|both",
      description = "whether CloudWatch gets a metric for each type, for each series, or both")
  private @Nullable String dimensionPolicy;

  @Option(
      names = "--parameter",
      paramLabel = "NAME=VALUE",
      description = "a parameter of the template, such as RecordRetentionDays=90; can be repeated")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--deployment",
      paramLabel = "DIR",
      description =
          "the folder with template.yaml and statemachine/, such as one that the command deployment"
              + " wrote; the default is the product's own")
  private @Nullable Path deployment;

  @Option(
      names = "--compare",
      description =
          "prints only what the data points of this fleet cost: as classic metrics of types, as"
              + " classic metrics of every series, and by OpenTelemetry")
  private boolean compare;

  @Option(
      names = "--inventory",
      paramLabel = "FILE",
      description =
          "prints what the custom metrics of an account cost, and what the same would cost by"
              + " OpenTelemetry; FILE is the output of: aws cloudwatch list-metrics --recently-active"
              + " PT3H --output json")
  private @Nullable Path inventory;

  @Option(names = "--json", description = "prints everything as one JSON object")
  private boolean json;

  private final Path home;

  /** Uses the template and the state machine below {@code home}. */
  public CostCommand(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() {
    try {
      Path folder =
          deployment != null
              ? deployment
              : home.resolve(Objects.requireNonNull(ProductFiles.TEMPLATE.getParent()));
      CostModel model =
          CostModel.of(
              Template.parse(InputFile.text(folder.resolve("template.yaml"))),
              InputFile.text(folder.resolve("statemachine/pipeline.asl.json")));
      PrintWriter out = spec.commandLine().getOut();
      if (compare || inventory != null) {
        PublishComparison comparison =
            inventory == null
                ? PublishComparison.ofFleet(model, given(model, new ArrayList<>()), fleet(), region)
                : PublishComparison.ofInventory(model, InputFile.text(inventory), region);
        if (json) {
          out.println(comparison.json());
        } else {
          comparison.print(out);
        }
      } else if (json) {
        out.println(report(model).json());
      } else {
        report(model).print(out);
      }
      out.flush();
      return 0;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  private Fleet fleet() {
    return new Fleet(instances, stacks, every);
  }

  /** The parameters as the options say; {@code notes} gets what the operator may not expect. */
  private Map<String, String> given(CostModel model, List<String> notes) {
    Map<String, String> given = new LinkedHashMap<>(parameters);
    if (every != null) {
      Map.Entry<Duration, String> nearest = model.nearestRate(every);
      given.put(RATE, nearest.getValue());
      if (!nearest.getKey().equals(every)) {
        notes.add(
            "the template has no rate of '%s': the nearest that can be deployed is ScheduleRate=%s"
                .formatted(every, nearest.getValue()));
      }
    }
    if (dimensionPolicy != null) {
      given.put("DimensionPolicy", dimensionPolicy);
    }
    return given;
  }

  private CostReport report(CostModel model) {
    List<String> notes = new ArrayList<>();
    Fleet fleet = fleet();
    Map<String, String> given = given(model, notes);
    notes.addAll(model.notes(given, fleet));
    List<CostReport.Course> courses = new ArrayList<>();
    for (Scenario scenario : model.scenarios()) {
      courses.add(new CostReport.Course(scenario, model.bill(given, fleet, region, scenario)));
    }
    Map.Entry<Duration, String> shortest = model.rates().entrySet().iterator().next();
    Map<String, CostReport.Alternative> alternatives = new LinkedHashMap<>();
    alternatives.put(
        "every " + shortest.getValue().replace('-', ' '),
        alternative(model, with(given, RATE, shortest.getValue()), fleet.atTheParametersRate()));
    alternatives.put(
        "%,d instances".formatted(MANY_INSTANCES),
        alternative(model, given, fleet.withInstances(MANY_INSTANCES)));
    alternatives.put(
        "a CloudWatch metric for each series",
        everySeries(model, with(given, "DimensionPolicy", "instance"), fleet));
    return new CostReport(
        courses,
        stacks,
        notes,
        alternatives,
        model.savings(given, fleet, region),
        model.prices(),
        model.assumptions());
  }

  private CostReport.Alternative alternative(
      CostModel model, Map<String, String> parameters, Fleet fleet) {
    return new CostReport.Alternative(
        model.bill(parameters, fleet, region, model.scenarios().get(0)),
        model.notes(parameters, fleet));
  }

  /** A budget that is too small publishes less, so that the choice would look cheap. */
  private CostReport.Alternative everySeries(
      CostModel model, Map<String, String> parameters, Fleet fleet) {
    if (model.notes(parameters, fleet).isEmpty()) {
      return alternative(model, parameters, fleet);
    }
    Map<String, String> larger = with(parameters, "SeriesBudget", PublishComparison.LARGEST_BUDGET);
    return new CostReport.Alternative(
        alternative(model, larger, fleet).bill(),
        List.of(
            "the price is with SeriesBudget=%s: with the budget given, a run would publish nothing"
                .formatted(PublishComparison.LARGEST_BUDGET)));
  }

  private static Map<String, String> with(Map<String, String> given, String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(given);
    changed.put(name, value);
    return changed;
  }
}
