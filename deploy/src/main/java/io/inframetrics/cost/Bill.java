package io.inframetrics.cost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a month costs.
 *
 * @param region of the prices
 * @param runs a month
 * @param instances that are watched
 * @param lines one for each thing that is counted
 */
public record Bill(String region, double runs, int instances, List<Line> lines) {

  /** Copies the lines. */
  public Bill {
    lines = List.copyOf(lines);
  }

  /**
   * One thing that is counted.
   *
   * @param service whose bill it is on
   * @param item in the price list
   * @param unit of the quantities
   * @param quantity a month
   * @param free how many of them are free for good
   * @param usd for those that are not
   */
  public record Line(
      String service, String item, String unit, double quantity, double free, double usd) {

    /** How many more would be free; negative if there are too many already. */
    public double headroom() {
      return free - quantity;
    }

    /** Whether there is a free quantity and it is enough. */
    public boolean isFree() {
      return free > 0 && quantity <= free;
    }
  }

  /** USD in all. */
  public double total() {
    return lines.stream().mapToDouble(Line::usd).sum();
  }

  /** USD by service, in the order of the lines. */
  public Map<String, Double> services() {
    Map<String, Double> services = new LinkedHashMap<>();
    lines.forEach(line -> services.merge(line.service(), line.usd(), Double::sum));
    return services;
  }

  /**
   * The line of an item.
   *
   * @throws IllegalArgumentException if it is not counted
   */
  public Line line(String item) {
    return lines.stream()
        .filter(line -> line.item().equals(item))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nothing is counted as '" + item + "'"));
  }
}
