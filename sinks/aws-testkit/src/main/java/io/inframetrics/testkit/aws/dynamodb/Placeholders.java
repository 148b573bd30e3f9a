package io.inframetrics.testkit.aws.dynamodb;

import static io.inframetrics.testkit.aws.dynamodb.DynamoDbError.require;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The names and values that the placeholders in one request's expressions stand for. */
final class Placeholders {

  private static final String NAMES = "ExpressionAttributeNames";
  private static final String VALUES = "ExpressionAttributeValues";

  private final Map<String, String> names = new HashMap<>();
  private final Map<String, Value> values = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  /** Reads those of a request whose parameters {@code expressions} may hold an expression. */
  Placeholders(Parameters request, String... expressions) {
    boolean some = List.of(expressions).stream().anyMatch(request::has);
    String all = String.join(" and ", expressions) + (expressions.length > 1 ? " are" : " is");
    require(some || !request.has(NAMES), "%s can only be specified when using expressions", NAMES);
    require(
        some || !request.has(VALUES),
        "%s can only be specified when using expressions: %s null",
        VALUES,
        all);
    members(request, NAMES, "#\\w+").forEach((key, name) -> names.put((String) key, (String) name));
    members(request, VALUES, ":\\w+").forEach((key, value) -> put((String) key, value));
  }

  private static Map<?, ?> members(Parameters request, String parameter, String keys) {
    if (!request.has(parameter)) {
      return Map.of();
    }
    Map<?, ?> members = (Map<?, ?>) request.required(parameter);
    require(!members.isEmpty(), "%s must not be empty", parameter);
    for (Object key : members.keySet()) {
      require(
          ((String) key).matches(keys),
          "%s contains invalid key: Syntax error; key: \"%s\"",
          parameter,
          key);
    }
    return members;
  }

  private void put(String key, Object json) {
    try {
      values.put(key, Value.of(json));
    } catch (DynamoDbError e) {
      throw DynamoDbError.invalid(
          "%s contains invalid value: %s for key %s", VALUES, e.getMessage(), key);
    }
  }

  /** The attribute name that a name with {@code #} stands for. */
  String name(String expression, String key) {
    used.add(key);
    String name = names.get(key);
    if (name == null) {
      throw DynamoDbError.invalid(
          "Invalid %s: An expression attribute name used in the document path is not defined;"
              + " attribute name: %s",
          expression, key);
    }
    return name;
  }

  /** The value that a name with {@code :} stands for. */
  Value value(String expression, String key) {
    used.add(key);
    Value value = values.get(key);
    if (value == null) {
      throw DynamoDbError.invalid(
          "Invalid %s: An expression attribute value used in expression is not defined; attribute"
              + " value: %s",
          expression, key);
    }
    return value;
  }

  /** Rejects names and values that no expression used. */
  void requireAllUsed() {
    requireUsed(NAMES, names.keySet());
    requireUsed(VALUES, values.keySet());
  }

  private void requireUsed(String parameter, Set<String> keys) {
    Set<String> unused = new TreeSet<>(keys);
    unused.removeAll(used);
    require(
        unused.isEmpty(),
        "Value provided in %s unused in expressions: keys: {%s}",
        parameter,
        String.join(", ", unused));
  }
}
