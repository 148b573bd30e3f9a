package io.inframetrics.testkit.aws.dynamodb;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The tables, by name. Thread-safe. */
final class Tables {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]+");
  private static final int MAX_NAME = 255;

  private final Map<String, Table> tables = new ConcurrentHashMap<>();

  /** Adds a table. */
  void add(Table table) {
    if (tables.putIfAbsent(table.name(), table) != null) {
      throw DynamoDbError.of("ResourceInUseException", "Table already exists: " + table.name());
    }
  }

  Table get(String name) {
    return get(name, "Requested resource not found");
  }

  Table get(String name, String missing) {
    Table table = tables.get(requireValid(name, 1));
    if (table == null) {
      throw DynamoDbError.of("ResourceNotFoundException", missing);
    }
    return table;
  }

  /** Checks a table's name. */
  static String requireValid(String name, int minLength) {
    String rule = null;
    if (name.length() < minLength) {
      rule = "have length greater than or equal to " + minLength;
    } else if (name.length() > MAX_NAME) {
      rule = "have length less than or equal to " + MAX_NAME;
    } else if (!NAME.matcher(name).matches()) {
      rule = "satisfy regular expression pattern: " + NAME;
    }
    if (rule != null) {
      throw DynamoDbError.invalid(
          "1 validation error detected: Value '%s' at 'tableName' failed to satisfy constraint:"
              + " Member must %s",
          name, rule);
    }
    return name;
  }
}
