package io.inframetrics.pipeline.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads small JSON values as maps, lists, texts, numbers and booleans.
 *
 * @hidden
 */
public final class JsonValues {

  private JsonValues() {}

  /** The value at which the parser stands. */
  public static @Nullable Object value(JsonParser json) {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> array(json);
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> json.getString();
    };
  }

  private static Map<String, @Nullable Object> object(JsonParser json) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      object.put(name, value(json));
    }
    return object;
  }

  private static List<@Nullable Object> array(JsonParser json) {
    List<@Nullable Object> array = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(json));
    }
    return array;
  }

  /** The objects in a list, or the one object that {@code value} is; nothing else. */
  @SuppressWarnings("unchecked")
  public static List<Map<String, @Nullable Object>> objects(@Nullable Object value) {
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (Object element : value instanceof List<?> list ? list : Arrays.asList(value)) {
      if (element instanceof Map<?, ?> object) {
        objects.add((Map<String, @Nullable Object>) object);
      }
    }
    return objects;
  }

  public static String text(Map<String, @Nullable Object> object, String name) {
    return object.get(name) instanceof String text ? text : "";
  }

  public static boolean flag(Map<String, @Nullable Object> object, String name) {
    return Boolean.TRUE.equals(object.get(name));
  }

  /** The number of that name; null if the object has none. */
  public static @Nullable Number number(Map<String, @Nullable Object> object, String name) {
    return object.get(name) instanceof Number number ? number : null;
  }
}
