package io.inframetrics.workflow.jsonata;

import com.dashjoin.jsonata.Jsonata;
import io.inframetrics.workflow.data.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts between JSON trees and the values of the JSONata library. Objects and arrays are not
 * copied but seen through a map or a list, which turns back into the very node, so that nothing is
 * lost on the way: 1.0 stays 1.0, and 9007199254740993 stays exact.
 */
final class Views {

  /** The most values in one result; its JSON would exceed the size limit of a state many times. */
  private static final int MAX_VALUES = 2_000_000;

  /** The deepest nesting of a result, far above what a state may pass on. */
  private static final int MAX_DEPTH = 1_000;

  private Views() {}

  /** The library's value for a node; its null for JSON's null, because Java's means undefined. */
  static Object of(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return new ObjectView(object);
    }
    if (node instanceof ArrayNode array) {
      return new ArrayView(array);
    }
    if (node.isString()) {
      return node.stringValue();
    }
    if (node.isNumber()) {
      return node.numberValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return Jsonata.NULL_VALUE;
  }

  private static final class ObjectView extends AbstractMap<String, Object> {
    private final ObjectNode node;

    ObjectView(ObjectNode node) {
      this.node = node;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
      JsonNode value = key instanceof String name ? node.get(name) : null;
      return value == null ? null : of(value);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
      return key instanceof String name && node.has(name);
    }

    @Override
    public int size() {
      return node.size();
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public Iterator<Map.Entry<String, Object>> iterator() {
          Iterator<Map.Entry<String, JsonNode>> fields = node.properties().iterator();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return fields.hasNext();
            }

            @Override
            public Map.Entry<String, Object> next() {
              Map.Entry<String, JsonNode> field = fields.next();
              return Map.entry(field.getKey(), of(field.getValue()));
            }
          };
        }

        @Override
        public int size() {
          return node.size();
        }
      };
    }
  }

  /** Copies the array when the library adds to it, which it does to group an empty one. */
  private static final class ArrayView extends AbstractList<Object> implements RandomAccess {
    private final ArrayNode node;
    private @Nullable List<@Nullable Object> changed;

    ArrayView(ArrayNode node) {
      this.node = node;
    }

    @Override
    public @Nullable Object get(int index) {
      if (changed != null) {
        return changed.get(index);
      }
      JsonNode element = node.get(index);
      if (element == null) {
        throw new IndexOutOfBoundsException(index);
      }
      return of(element);
    }

    @Override
    public int size() {
      return changed == null ? node.size() : changed.size();
    }

    @Override
    public void add(int index, @Nullable Object element) {
      if (changed == null) {
        changed = new ArrayList<>(this);
      }
      changed.add(index, element);
    }
  }

  /** Thrown for a result that is not JSON, such as a function. */
  static final class UnsupportedResultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedResultException() {
      super(null, null, false, false);
    }
  }

  /**
   * The JSON of a value of the library.
   *
   * @throws UnsupportedResultException if it is or contains a function
   * @throws IllegalArgumentException with one sentence if it is too large
   */
  static JsonNode json(Object value) {
    return new Reader().json(value, 0);
  }

  private static final class Reader {
    private int values;

    JsonNode json(@Nullable Object value, int depth) {
      if (depth > MAX_DEPTH) {
        throw new IllegalArgumentException(
            "The result is nested deeper than " + MAX_DEPTH + " levels.");
      }
      if (++values > MAX_VALUES) {
        throw new IllegalArgumentException("The result has more than " + MAX_VALUES + " values.");
      }
      if (value instanceof ObjectView view) {
        return view.node;
      }
      if (value instanceof ArrayView view && view.changed == null) {
        return view.node;
      }
      if (value instanceof String text) {
        return Json.NODES.stringNode(text);
      }
      if (value instanceof Number number) {
        return number(number);
      }
      if (value instanceof Boolean bool) {
        return Json.NODES.booleanNode(bool);
      }
      if (value == null || value == Jsonata.NULL_VALUE) {
        return Json.NODES.nullNode();
      }
      if (value instanceof Map<?, ?> map) {
        ObjectNode object = Json.NODES.objectNode();
        map.forEach((key, each) -> object.set(String.valueOf(key), json(each, depth + 1)));
        return object;
      }
      if (value instanceof List<?> list) {
        ArrayNode array = Json.NODES.arrayNode();
        for (Object each : list) {
          array.add(json(each, depth + 1));
        }
        return array;
      }
      throw new UnsupportedResultException();
    }
  }

  private static JsonNode number(Number number) {
    if (number instanceof Integer whole) {
      return Json.NODES.numberNode(whole);
    }
    if (number instanceof Long whole) {
      return whole == whole.intValue()
          ? Json.NODES.numberNode(whole.intValue())
          : Json.NODES.numberNode(whole);
    }
    if (number instanceof BigInteger whole) {
      return Json.NODES.numberNode(whole);
    }
    if (number instanceof BigDecimal decimal) {
      return Json.NODES.numberNode(decimal);
    }
    double value = number.doubleValue();
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("D1001: Number out of range: " + value);
    }
    return Json.NODES.numberNode(value);
  }
}
