package io.inframetrics.cost;

import io.inframetrics.template.Stack;
import io.inframetrics.template.Template;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Computes monthly bills. Immutable and thread-safe. */
public final class CostModel {

  private static final String RATE = "ScheduleRate";

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

  /**
   * Returns the bill of a month in which every run follows the scenario.
   *
   * @param parameters of the template; those left out keep their defaults
   * @param instances monitored, 1 or more
   * @param region of the price list
   * @throws IllegalArgumentException if a parameter, the instances or the region are invalid
   */
  public Bill bill(
      Map<String, String> parameters, int instances, String region, Scenario scenario) {
    if (instances < 1) {
      throw new IllegalArgumentException(
          "the number of instances is %d: use 1 or more".formatted(instances));
    }
    Stack stack = template.with(parameters);
    JsonNode schedule = template.json().at("/Mappings/Schedule").path(stack.parameter(RATE));
    Duration period = Duration.parse(schedule.path("Period").stringValue());
    double runs =
        assumptions.of("hours_a_month") * Duration.ofHours(1).toSeconds() / period.toSeconds();
    int types = scenarios.get(0).invocations(Scenarios.COLLECT);
    Quantities quantities =
        new Quantities(assumptions, stack, scenario, period, runs, types, instances);
    List<Bill.Line> lines =
        quantities.all().stream().map(quantity -> line(quantity, region)).toList();
    return new Bill(region, runs, instances, lines);
  }

  private Bill.Line line(Quantities.Quantity quantity, String region) {
    double free = prices.free(quantity.item());
    double billed = Math.max(0, quantity.amount() - free);
    return new Bill.Line(
        quantity.service(),
        quantity.item(),
        quantity.unit(),
        quantity.amount(),
        free,
        billed * prices.price(quantity.item(), region));
  }
}
