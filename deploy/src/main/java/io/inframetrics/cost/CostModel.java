package io.inframetrics.cost;

import io.inframetrics.template.Stack;
import io.inframetrics.template.Template;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Computes monthly bills. Immutable and thread-safe. */
public final class CostModel {

  private static final String RATE = "ScheduleRate";

  /** Less than half a cent is shown as nothing. */
  private static final double LEAST_SAVING = 0.005;

  /** Values of parameters that may cost less than others. */
  private static final Map<String, List<String>> CHEAPER =
      new TreeMap<>(
          Map.of(
              RATE,
              List.of("15-minutes", "1-hour", "3-hours", "1-day"),
              "DimensionPolicy",
              List.of("fleet"),
              "RawRetentionDays",
              List.of("7"),
              "RecordRetentionDays",
              List.of("7"),
              "PointInTimeRecovery",
              List.of("false"),
              "MemorySize",
              List.of("512"),
              "Architecture",
              List.of("arm64"),
              "NotificationEmail",
              List.of("")));

  private final Template template;
  private final List<Scenario> scenarios;
  private final Prices prices;
  private final Assumptions assumptions;

  private CostModel(
      Template template, List<Scenario> scenarios, Prices prices, Assumptions assumptions) {
    this.template = template;
    this.scenarios = scenarios;
    this.prices = prices;
    this.assumptions = assumptions;
  }

  /** Returns a model with this release's prices and assumptions; the definition is JSON. */
  public static CostModel of(Template template, String definition) {
    return new CostModel(
        template, new Scenarios(definition).all(), Prices.load(), Assumptions.load());
  }

  /**
   * The same model with another value of an assumption, such as one that was measured.
   *
   * @throws IllegalArgumentException if there is no assumption with that name
   */
  public CostModel withAssumption(String name, double value) {
    return new CostModel(template, scenarios, prices, assumptions.with(name, value));
  }

  public Prices prices() {
    return prices;
  }

  public Assumptions assumptions() {
    return assumptions;
  }

  /** The scenarios that can be billed, the healthy one first. */
  public List<Scenario> scenarios() {
    return scenarios;
  }

  /** The schedule rates that the template allows: names by period, the shortest period first. */
  public Map<Duration, String> rates() {
    Map<Duration, String> rates = new TreeMap<>();
    template
        .json()
        .at("/Mappings/Schedule")
        .properties()
        .forEach(
            rate ->
                rates.put(
                    Duration.parse(rate.getValue().get("Period").stringValue()), rate.getKey()));
    return rates;
  }

  /** Returns the bill of a month of healthy runs. */
  public Bill bill(Map<String, String> parameters, int instances, String region) {
    return bill(parameters, instances, region, scenarios.get(0));
  }

  /** Returns the bill of a month in which every run follows the scenario, of one stack. */
  public Bill bill(
      Map<String, String> parameters, int instances, String region, Scenario scenario) {
    return bill(parameters, new Fleet(instances, 1, null), region, scenario);
  }

  /**
   * How much is watched, and how often.
   *
   * @param instances monitored by each stack, 1 or more
   * @param stacks of one account and region, which share the free tier, 1 or more
   * @param every time from run to run; null if it is that of the parameter ScheduleRate
   */
  public record Fleet(int instances, int stacks, @Nullable Duration every) {

    public Fleet {
      require(instances, "instances");
      require(stacks, "stacks");
      if (every != null && every.compareTo(Duration.ofMinutes(1)) < 0) {
        throw new IllegalArgumentException(
            "the time from run to run is %s: use one minute or more".formatted(every));
      }
    }

    private static void require(int number, String what) {
      if (number < 1) {
        throw new IllegalArgumentException(
            "the number of %s is %d: use 1 or more".formatted(what, number));
      }
    }

    /** The same with another number of instances. */
    public Fleet withInstances(int other) {
      return new Fleet(other, stacks, every);
    }

    /** The same, at the rate of the parameter. */
    public Fleet atTheParametersRate() {
      return new Fleet(instances, stacks, null);
    }
  }

  /**
   * Returns the bill of a month in which every run follows the scenario.
   *
   * @param parameters of the template; those left out keep their defaults
   * @param region of the price list
   * @throws IllegalArgumentException if a parameter, the fleet or the region are invalid
   */
  public Bill bill(Map<String, String> parameters, Fleet fleet, String region, Scenario scenario) {
    Stack stack = template.with(parameters);
    Duration period = period(stack, fleet);
    double runs =
        assumptions.of("hours_a_month") * Duration.ofHours(1).toSeconds() / period.toSeconds();
    List<Bill.Line> lines =
        quantities(stack, fleet, scenario, period, runs).all().stream()
            .map(quantity -> line(quantity, fleet.stacks(), region))
            .toList();
    return new Bill(region, runs, fleet.instances(), lines);
  }

  private Duration period(Stack stack, Fleet fleet) {
    Duration every = fleet.every();
    if (every != null) {
      return every;
    }
    JsonNode schedule = template.json().at("/Mappings/Schedule").path(stack.parameter(RATE));
    return Duration.parse(schedule.path("Period").stringValue());
  }

  private Quantities quantities(
      Stack stack, Fleet fleet, Scenario scenario, Duration period, double runs) {
    int types = scenarios.get(0).invocations(Scenarios.COLLECT);
    return new Quantities(assumptions, stack, scenario, period, runs, types, fleet.instances());
  }

  /** What a deployment does not do that its operator may expect, in sentences. */
  public List<String> notes(Map<String, String> parameters, Fleet fleet) {
    Stack stack = template.with(parameters);
    Duration period = period(stack, fleet);
    List<String> unpublished =
        quantities(stack, fleet, scenarios.get(0), period, 1).unpublishedTypes();
    if (unpublished.isEmpty()) {
      return List.of();
    }
    String all = unpublished.size() == Quantities.TYPES ? "nothing" : "nothing of some types";
    return List.of(
        ("DimensionPolicy %s publishes %s for each series: there are more than the %s that"
                + " SeriesBudget allows of %s")
            .formatted(
                stack.parameter("DimensionPolicy"),
                all,
                stack.parameter("SeriesBudget"),
                String.join(", ", unpublished)));
  }

  /** The rate of the template that is nearest to a time from run to run, in proportion. */
  public Map.Entry<Duration, String> nearestRate(Duration every) {
    return rates().entrySet().stream()
        .min(
            Comparator.comparingDouble(
                rate -> Math.abs(Math.log((double) rate.getKey().toSeconds() / every.toSeconds()))))
        .orElseThrow();
  }

  /**
   * What changes of one parameter would save a month, the most first; those that save nothing are
   * left out.
   */
  public Map<String, Double> savings(Map<String, String> parameters, Fleet fleet, String region) {
    Scenario healthy = scenarios.get(0);
    double now = bill(parameters, fleet, region, healthy).total();
    Map<String, Double> savings = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> parameter : CHEAPER.entrySet()) {
      for (String value : parameter.getValue()) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        changed.put(parameter.getKey(), value);
        Fleet then = parameter.getKey().equals(RATE) ? fleet.atTheParametersRate() : fleet;
        double saved = now - bill(changed, then, region, healthy).total();
        if (saved >= LEAST_SAVING) {
          savings.put(parameter.getKey() + "=" + value, saved);
        }
      }
    }
    return savings.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
  }

  private Bill.Line line(Quantities.Quantity quantity, int stacks, String region) {
    double free = prices.free(quantity.item());
    double amount = quantity.amount() * stacks;
    double billed = Math.max(0, amount - free);
    return new Bill.Line(
        quantity.service(),
        quantity.item(),
        quantity.unit(),
        amount,
        free,
        prices.usd(quantity.item(), region, billed));
  }
}
