package io.inframetrics.testkit.aws.dynamodb;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The parameters of a request or of a part of one, which {@code owner} names in errors. */
record Parameters(String owner, Map<?, ?> members) {

  /** Rejects a parameter that is not {@code known}, a list of names separated by spaces. */
  static Parameters of(String owner, Object json, String known) {
    Map<?, ?> members = (Map<?, ?>) json;
    Set<String> names = Set.of(known.split(" ", -1));
    for (Object name : members.keySet()) {
      if (!names.contains((String) name)) {
        throw DynamoDbError.unsupported("parameter %s of %s".formatted(name, owner));
      }
    }
    return new Parameters(owner, members);
  }

  boolean has(String name) {
    return members.get(name) != null;
  }

  Object required(String name) {
    Object value = members.get(name);
    if (value == null) {
      throw DynamoDbError.invalid(
          "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member"
              + " must not be null",
          name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
    }
    return value;
  }

  String text(String name) {
    return (String) required(name);
  }

  List<?> list(String name) {
    return (List<?>) required(name);
  }

  Map<String, Value> attributes(String name) {
    return Item.attributes(required(name));
  }

  boolean isTrue(String name, boolean otherwise) {
    return has(name) ? (Boolean) required(name) : otherwise;
  }

  /** A text that must be one of those that this stand-in supports. */
  String oneOf(String name, String... supported) {
    if (!List.of(supported).contains(text(name))) {
      throw DynamoDbError.unsupported("%s %s of %s".formatted(name, text(name), owner));
    }
    return text(name);
  }
}
