package io.inframetrics.cost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The price list: dated data, for the regions that it has. Immutable. */
public final class Prices {

  private static final String FREE = "free";

  private final JsonNode json;

  private Prices(JsonNode json) {
    this.json = json;
  }

  /** The list of this release. */
  public static Prices load() {
    return new Prices(PackagedJson.read("prices.json"));
  }

  /** The day that the list is of, ISO-8601. */
  public String asOf() {
    return json.path("as_of").stringValue();
  }

  /** The page of each service that its prices are from. */
  public Map<String, String> sources() {
    Map<String, String> sources = new LinkedHashMap<>();
    json.path("sources")
        .properties()
        .forEach(source -> sources.put(source.getKey(), source.getValue().stringValue()));
    return sources;
  }

  /** The regions that every item has a price in. */
  public List<String> regions() {
    JsonNode first = json.path("items").iterator().next();
    return first.propertyNames().stream().filter(name -> !name.equals(FREE)).toList();
  }

  /** USD for one of an item. */
  double price(String item, String region) {
    JsonNode price = item(item).path(region);
    if (!price.isNumber()) {
      throw new IllegalArgumentException(
          "there are no prices for region '%s': use one of %s".formatted(region, regions()));
    }
    return price.doubleValue();
  }

  /** How many of an item a month are free for good. */
  double free(String item) {
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
