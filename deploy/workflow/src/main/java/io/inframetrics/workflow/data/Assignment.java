package io.inframetrics.workflow.data;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An Assign field: the new values of variables. It reads the values that the variables had when the
 * state was entered.
 *
 * @param template null if there is no Assign
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html">Passing
 *     data between states with variables</a>
 * @hidden
 */
public record Assignment(@Nullable Template template) {

  public static final Assignment NONE = new Assignment(null);

  /** The name that holds the state's input, result and context in JSONata. */
  public static final String RESERVED = "states";

  /** In Unicode characters, from the page above. */
  private static final int MAX_NAME = 80;

  /** Why a variable cannot have this name; null if it can. */
  public static @Nullable String mistakeIn(String name) {
    if (name.equals(RESERVED)) {
      return "'states' is reserved: it holds the state's input, result and context";
    }
    if (name.codePointCount(0, name.length()) > MAX_NAME) {
      return "the name of a variable must have at most " + MAX_NAME + " characters";
    }
    if (!isName(name)) {
      return "'"
          + name
          + "' is not the name of a variable: it must begin with a letter, and have only letters, "
          + "digits and underscores";
    }
    return null;
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && Character.isUnicodeIdentifierStart(name.codePointAt(0))
        && name.codePoints()
            .allMatch(
                c -> Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
  }

  /** The values to assign, by name; empty if there is no Assign. */
  public Map<String, JsonNode> values(Scope scope) {
    if (template == null) {
      return Map.of();
    }
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (var field : template.fill(scope).properties()) {
      values.put(field.getKey(), field.getValue());
    }
    return Collections.unmodifiableMap(values);
  }
}
