package io.inframetrics.cli.cost;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cost.Assumptions;
import io.inframetrics.cost.Bill;
import io.inframetrics.cost.Prices;
import io.inframetrics.cost.Scenario;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A bill, as text or as JSON.
 *
 * @param courses that runs may take, the healthy one first
 * @param stacks that are billed together
 * @param notes sentences about what the operator may not expect
 * @param alternatives other choices, by what they are in words
 * @param savings USD a month that a parameter would save, by its name and value
 */
record CostReport(
    List<Course> courses,
    int stacks,
    List<String> notes,
    Map<String, Alternative> alternatives,
    Map<String, Double> savings,
    Prices prices,
    Assumptions assumptions) {

  /** Prints a decimal point, not a comma, on every machine. */
  private static final Locale PLAIN = Locale.ROOT;

  /** What two decimals would show as nothing. */
  private static final double SMALLEST = 0.005;

  private static final String CREDITS =
      "an account made since July 2025 also gets credits, up to 200 USD in its first months; on the"
          + " free plan they pay this bill until they or six months are used up, and then AWS closes"
          + " the account unless you change to the paid plan";

  /** A course, and the bill of a month in which every run takes it. */
  record Course(Scenario scenario, Bill bill) {}

  /** A bill, and sentences about what the operator may not expect of this choice. */
  record Alternative(Bill bill, List<String> notes) {}

  private Bill bill() {
    return courses.get(0).bill();
  }

  void print(PrintWriter out) {
    out.printf(
        PLAIN,
        "%,.0f runs a month over %,d instances in %s%s: %.2f USD a month%n",
        bill().runs(),
        bill().instances(),
        bill().region(),
        stacks == 1 ? "" : ", %,d stacks".formatted(stacks),
        bill().total());
    notes.forEach(note -> out.printf("note: %s%n", note));
    out.printf(
        PLAIN,
        "prices as of %s, without tax; free quantities are only those that do not end after twelve"
            + " months%n"
            + CREDITS
            + "%n%n",
        prices.asOf());
    out.printf(PLAIN, "  %-14s  %-24s %13s %13s %9s%n", "service", "", "a month", "free", "USD");
    for (Bill.Line line : bill().lines()) {
      out.printf(
          PLAIN,
          "  %-14s  %-24s %13s %13s %9.2f  %s%n",
          line.service(),
          line.unit(),
          number(line.quantity()),
          line.free() > 0 ? number(line.free()) : "-",
          line.usd(),
          headroom(line));
    }
    out.printf(PLAIN, "  %-14s  %-24s %13s %13s %9.2f%n%n", "total", "", "", "", bill().total());
    out.printf(
        PLAIN, "  %-42s %11s  %s%n", "if every run is like this", "transitions", "USD a month");
    for (Course course : courses) {
      Bill.Line transitions = course.bill().line("states.transition");
      out.printf(
          PLAIN,
          "  %-42s %11d  %11.2f%s%n",
          course.scenario().name(),
          course.scenario().transitions(),
          course.bill().total(),
          transitions.isFree() ? "" : "  beyond the free state transitions");
    }
    out.printf("%n  what if%n");
    alternatives.forEach(
        (choice, other) -> {
          double more = other.bill().total() - bill().total();
          out.printf(
              PLAIN,
              "  %-42s %11.2f USD a month, %.2f %s; the largest part is %s%n",
              choice,
              other.bill().total(),
              Math.abs(more),
              more <= -SMALLEST ? "less" : "more",
              dearest(other.bill()));
          other.notes().forEach(note -> out.printf("    note: %s%n", note));
        });
    if (!savings.isEmpty()) {
      out.printf("%n  what a parameter would save%n");
      savings.forEach(
          (parameter, usd) -> out.printf(PLAIN, "  %-42s %11.2f USD a month%n", parameter, usd));
    }
    out.printf("%n  assumptions, which the template does not give%n");
    assumptions
        .values()
        .forEach(
            (name, assumption) ->
                out.printf(
                    PLAIN,
                    "  %-28s %9s  %s%n",
                    name.replace('_', ' '),
                    assumption.value() < SMALLEST
                        ? Double.toString(assumption.value())
                        : number(assumption.value()),
                    assumption.why()));
  }

  private static String headroom(Bill.Line line) {
    if (line.free() == 0) {
      return "";
    }
    return line.isFree()
        ? number(line.headroom()) + " left"
        : number(-line.headroom()) + " beyond the free tier";
  }

  private static String dearest(Bill bill) {
    return bill.services().entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(entry -> "%s, %.2f".formatted(entry.getKey(), entry.getValue()))
        .orElse("nothing");
  }

  /** Whole, or with two decimals, with thousands separators. */
  private static String number(double number) {
    if (number == Math.rint(number) || number >= 1_000) {
      return String.format(PLAIN, "%,.0f", number);
    }
    return number < SMALLEST ? "under 0.01" : String.format(PLAIN, "%.2f", number);
  }

  ObjectNode json() {
    ObjectNode json = InputFile.JSON.createObjectNode();
    json.put("region", bill().region());
    json.put("runs", bill().runs());
    json.put("instances", bill().instances());
    json.put("currency", "USD");
    json.put("prices_as_of", prices.asOf());
    json.put("stacks", stacks);
    json.put("total", bill().total());
    ArrayNode said = json.putArray("notes");
    notes.forEach(said::add);
    ObjectNode saved = json.putObject("savings");
    savings.forEach(saved::put);
    ObjectNode services = json.putObject("services");
    bill().services().forEach(services::put);
    ArrayNode lines = json.putArray("lines");
    for (Bill.Line line : bill().lines()) {
      lines
          .addObject()
          .put("service", line.service())
          .put("item", line.item())
          .put("unit", line.unit())
          .put("quantity", line.quantity())
          .put("free", line.free())
          .put("headroom", line.headroom())
          .put("usd", line.usd());
    }
    ArrayNode scenarios = json.putArray("scenarios");
    for (Course course : courses) {
      Bill.Line transitions = course.bill().line("states.transition");
      scenarios
          .addObject()
          .put("name", course.scenario().name())
          .put("transitions", course.scenario().transitions())
          .put("transitions_a_month", transitions.quantity())
          .put("free", transitions.isFree())
          .put("total", course.bill().total());
    }
    ObjectNode others = json.putObject("alternatives");
    alternatives.forEach((choice, other) -> others.put(choice, other.bill().total()));
    ObjectNode ofOthers = json.putObject("alternative_notes");
    alternatives.forEach((choice, other) -> other.notes().forEach(ofOthers.putArray(choice)::add));
    ObjectNode assumed = json.putObject("assumptions");
    assumptions
        .values()
        .forEach(
            (name, assumption) ->
                assumed
                    .putObject(name)
                    .put("value", assumption.value())
                    .put("why", assumption.why()));
    ObjectNode sources = json.putObject("sources");
    prices.sources().forEach(sources::put);
    return json;
  }
}
