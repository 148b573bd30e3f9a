package io.inframetrics.cost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The dated price list, by item and region. Immutable. */
public final class Prices {

  private static final String FREE = "free";

  private final JsonNode json;

  private Prices(JsonNode json) {
    this.json = json;
  }

  /** Returns the price list of this release. */
  public static Prices load() {
    return new Prices(PackagedJson.read("prices.json"));
  }

  /** The date of the prices, ISO-8601. */
  public String asOf() {
    return json.path("as_of").stringValue();
  }

  /** The web page that each service's prices come from, by service. */
  public Map<String, String> sources() {
    Map<String, String> sources = new LinkedHashMap<>();
    json.path("sources")
        .properties()
        .forEach(source -> sources.put(source.getKey(), source.getValue().stringValue()));
    return sources;
  }

  /** The regions in which every item has a price. */
  public List<String> regions() {
    JsonNode first = json.path("items").iterator().next();
    return first.propertyNames().stream().filter(name -> !name.equals(FREE)).toList();
  }

  /** USD for one unit of an item. */
  double price(String item, String region) {
    JsonNode price = item(item).path(region);
    if (!price.isNumber()) {
      throw new IllegalArgumentException(
          "there are no prices for region '%s': use one of %s".formatted(region, regions()));
    }
    return price.doubleValue();
  }

  /**
   * USD for a quantity of an item above its free one, in one month. Where large quantities are
   * cheaper, each part of it has its own price.
   *
   * @throws IllegalArgumentException if the region has no prices
   */
  public double usd(String item, String region, double quantity) {
    double first = price(item, region);
    JsonNode tiers = json.path("tiers").path(item);
    if (tiers.isEmpty()) {
      return quantity * first;
    }
    double usd = 0;
    double from = 0;
    for (JsonNode tier : tiers) {
      double to = tier.path("up_to").asDouble(Double.MAX_VALUE);
      usd +=
          Math.max(0, Math.min(quantity, to) - from) * first * tier.path("of_first").doubleValue();
      from = to;
    }
    return usd;
  }

  /** What else must be known about an item's price; empty if it is the page's. */
  public String remark(String item) {
    return json.path("remarks").path(item).asString("");
  }

  /** The monthly quantity of an item that is permanently free. */
  public double free(String item) {
    return item(item).get(FREE).doubleValue();
  }

  private JsonNode item(String item) {
    JsonNode found = json.path("items").get(item);
    if (found == null) {
      throw new IllegalArgumentException("the price list has no item '" + item + "'");
    }
    return found;
  }
}
