package io.inframetrics.testkit.aws.dynamodb;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The names and values that the expressions of one request stand in for. */
final class Placeholders {

  private static final String NAMES = "ExpressionAttributeNames";
  private static final String VALUES = "ExpressionAttributeValues";
  private static final Pattern NAME = Pattern.compile("#\\w+");
  private static final Pattern VALUE = Pattern.compile(":\\w+");

  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, Value> values = new LinkedHashMap<>();
  private final Set<String> used = new LinkedHashSet<>();

  /**
   * Reads them.
   *
   * @param expressions the parameters of the request that hold its expressions
   */
  Placeholders(Parameters request, List<String> expressions) {
    List<String> absent = expressions.stream().filter(e -> !request.has(e)).toList();
    boolean none = absent.size() == expressions.size();
    for (String parameter : List.of(NAMES, VALUES)) {
      if (request.has(parameter) && none) {
        throw DynamoDbError.invalid(
            "%s can only be specified when using expressions%s",
            parameter,
            parameter.equals(NAMES)
                ? ""
                : ": "
                    + String.join(" and ", absent)
                    + (absent.size() > 1 ? " are" : " is")
                    + " null");
      }
    }
    members(request, NAMES, NAME).forEach((key, name) -> names.put((String) key, (String) name));
    members(request, VALUES, VALUE)
        .forEach((key, json) -> values.put((String) key, value(key, json)));
  }

  private static Map<?, ?> members(Parameters request, String parameter, Pattern key) {
    if (!request.has(parameter)) {
      return Map.of();
    }
    Map<?, ?> members = request.map(parameter);
    if (members.isEmpty()) {
      throw DynamoDbError.invalid("%s must not be empty", parameter);
    }
    for (Object member : members.keySet()) {
      if (!key.matcher((String) member).matches()) {
        throw DynamoDbError.invalid(
            "%s contains invalid key: Syntax error; key: \"%s\"", parameter, member);
      }
    }
    return members;
  }

  private static Value value(Object key, Object json) {
    try {
      return Value.of(json);
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

  /** Refuses names and values that no expression used. */
  void requireAllUsed() {
    requireUsed(NAMES, names.keySet());
    requireUsed(VALUES, values.keySet());
  }

  private void requireUsed(String parameter, Set<@Nullable String> keys) {
    String unused =
        keys.stream().filter(key -> !used.contains(key)).collect(Collectors.joining(", "));
    if (!unused.isEmpty()) {
      throw DynamoDbError.invalid(
          "Value provided in %s unused in expressions: keys: {%s}", parameter, unused);
    }
  }
}
