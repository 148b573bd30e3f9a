package io.inframetrics.testkit.aws.dynamodb;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of a request or of a part of one.
 *
 * @param owner what they are parameters of, for errors
 */
record Parameters(String owner, Map<?, ?> members) {

  /** Refuses parameters that are not {@code known}, and says which. */
  static Parameters of(String owner, Object json, Set<String> known) {
    Map<?, ?> members = (Map<?, ?>) json;
    for (Object name : members.keySet()) {
      if (!known.contains((String) name)) {
        throw DynamoDbError.unsupported("parameter %s of %s".formatted(name, owner));
      }
    }
    return new Parameters(owner, members);
  }

  boolean has(String name) {
    return members.get(name) != null;
  }

  /** A parameter that must be there. */
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

  Map<?, ?> map(String name) {
    return (Map<?, ?>) required(name);
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

  /** A text that must be one of a few; the first of {@code allowed} if it is not there. */
  String oneOf(String name, String... allowed) {
    String value = has(name) ? text(name) : allowed[0];
    if (!List.of(allowed).contains(value)) {
      throw DynamoDbError.unsupported("%s %s of %s".formatted(name, value, owner));
    }
    return value;
  }
}
