package io.inframetrics.collect.prometheus;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page to scrape.
 *
 * @param name the instance id of what it shows
 */
record Target(String name, URI uri) {

  private static final Pattern NAMED = Pattern.compile("([^=:/?]+)=(.*)");

  /**
   * Reads {@code [NAME=]URL} separated by commas. Without a name, it is host and port.
   *
   * @throws IllegalArgumentException that says what is wrong with the first wrong one
   */
  static List<Target> readAll(String text) {
    Map<String, Target> targets = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      Matcher named = NAMED.matcher(part.strip());
      boolean hasName = named.matches();
      URI uri = Connection.address(hasName ? named.group(2).strip() : part.strip(), "/metrics");
      String name = hasName ? named.group(1).strip() : uri.getRawAuthority();
      if (name.isEmpty()) {
        throw new IllegalArgumentException("a name before the =, such as web-1=http://web-1:9100");
      }
      if (targets.put(name, new Target(name, uri)) != null) {
        throw new IllegalArgumentException(
            "a name of its own for each target, such as web-1=http://web-1:9100 ('%s' is there twice)"
                .formatted(name));
      }
    }
    return new ArrayList<>(targets.values());
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
