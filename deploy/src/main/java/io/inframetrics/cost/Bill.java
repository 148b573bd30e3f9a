package io.inframetrics.cost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a month costs, with this many runs a month and monitored instances. */
public record Bill(String region, double runs, int instances, List<Line> lines) {

  public Bill {
    lines = List.copyOf(lines);
  }

  /**
   * One billed item.
   *
   * @param service that charges for it
   * @param item in the price list
   * @param unit of the quantities
   * @param quantity a month
   * @param free monthly quantity that is permanently free
   * @param usd for the quantity above the free one
   */
  public record Line(
      String service, String item, String unit, double quantity, double free, double usd) {

    /** How much more would still be free; negative once the free quantity is used up. */
    public double headroom() {
      return free - quantity;
    }

    /** Whether the free quantity covers everything; false if the item has no free quantity. */
    public boolean isFree() {
      return free > 0 && quantity <= free;
    }
  }

  /** Total in USD. */
  public double total() {
    return lines.stream().mapToDouble(Line::usd).sum();
  }

  public Map<String, Double> services() {
    Map<String, Double> services = new LinkedHashMap<>();
    lines.forEach(line -> services.merge(line.service(), line.usd(), Double::sum));
    return services;
  }

  /**
   * Returns the line of an item.
   *
   * @throws IllegalArgumentException if the bill has no such line
   */
  public Line line(String item) {
    return lines.stream()
        .filter(line -> line.item().equals(item))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the bill has no item '" + item + "'"));
  }
}
