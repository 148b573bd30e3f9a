package io.inframetrics.cost;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON resources of this package. */
final class PackagedJson {

  private PackagedJson() {}

  static JsonNode read(String name) {
    try (InputStream in =
        Objects.requireNonNull(PackagedJson.class.getResourceAsStream(name), "no " + name)) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " could not be read", e);
    }
  }
}
