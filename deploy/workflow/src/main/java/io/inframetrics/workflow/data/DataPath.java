package io.inframetrics.workflow.data;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.Jackson3JsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.Jackson3MappingProvider;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSONPath into the data ({@code $...}), the context object ({@code $$...}) or a variable ({@code
 * $name...}), compiled once.
 *
 * <p>A path that can match many nodes (a wildcard, a slice, a filter, {@code ..}) evaluates to an
 * array, which is empty if nothing matches. Any other path that finds nothing, and a slice of a
 * value that is not an array, throws {@link MissingPathException}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html">Using
 *     JSONPath paths</a>
 * @hidden
 */
public final class DataPath implements Expression {

  /** Throws past the end of an array, as JsonPath expects; the parent class returns null. */
  private static final class BoundedArrays extends Jackson3JsonNodeJsonProvider {
    @Override
    public Object getArrayIndex(Object array, int index) {
      JsonNode element = ((JsonNode) array).get(index);
      if (element == null) {
        throw new IndexOutOfBoundsException("there is no element " + index);
      }
      return element;
    }
  }

  private static final Configuration JAYWAY =
      Configuration.builder()
          .jsonProvider(new BoundedArrays())
          .mappingProvider(new Jackson3MappingProvider())
          .build();

  /** The root, then nothing, a property or a subscript. */
  private static final Pattern ROOTED =
      Pattern.compile("\\$(?<root>\\$|[^$.\\[\\s()]*)(?<rest>[.\\[].*)?", Pattern.DOTALL);

  /** Endings that JsonPath silently ignores. */
  private static final Pattern DANGLING = Pattern.compile("(?:\\[|\\]\\w+)$");

  /** JsonPath's message about a slice of a value that is neither an array nor null. */
  private static final Pattern NO_ARRAY =
      Pattern.compile("can only be applied to arrays\\. Current context is: (?!null$)");

  private static final String CONTEXT = "$";

  private final String text;

  /** A dollar for the context object, the name of a variable, or empty for the data. */
  private final String root;

  private final boolean whole;
  private final JsonPath compiled;

  private DataPath(String text, String root, JsonPath compiled) {
    this.text = text;
    this.root = root;
    this.compiled = compiled;
    this.whole = text.length() == root.length() + 1;
  }

  /** Reads a path; IllegalArgumentException says in one sentence why the text is not one. */
  public static DataPath parse(String text) {
    if (!text.startsWith("$")) {
      throw notAPath(text, "a path must begin with $", null);
    }
    Matcher rooted = ROOTED.matcher(text);
    if (!rooted.matches()) {
      throw notAPath(
          text,
          "after $, $$ or the name of a variable, only a property or a subscript may follow",
          null);
    }
    if (text.endsWith(")")) {
      throw notAPath(text, "functions in paths are not supported", null);
    }
    if (DANGLING.matcher(text).find()) {
      throw notAPath(text, "the text after the last subscript is not valid", null);
    }
    String root = rooted.group("root");
    String mistake = root.isEmpty() || root.equals(CONTEXT) ? null : Assignment.mistakeIn(root);
    if (mistake != null) {
      throw notAPath(text, mistake, null);
    }
    try {
      String rest = withBackslashes(text.substring(1 + root.length()));
      return new DataPath(text, root, JsonPath.compile("$" + rest));
    } catch (InvalidPathException | IllegalArgumentException e) {
      throw notAPath(text, e.getMessage(), e);
    }
  }

  /**
   * In a quoted name Step Functions keeps a backslash before the other kind of quote; JsonPath
   * would drop it, so it is doubled.
   */
  private static String withBackslashes(String path) {
    if (path.indexOf('\\') < 0) {
      return path;
    }
    StringBuilder doubled = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      doubled.append(c);
      if (c == '\\' && i + 1 < path.length()) {
        char next = path.charAt(++i);
        boolean other = quote != 0 && next != quote && (next == '"' || next == '\'');
        doubled.append(other ? "\\" : "").append(next);
      } else if (c == '"' || c == '\'') {
        quote = quote == 0 ? c : quote == c ? 0 : quote;
      }
    }
    return doubled.toString();
  }

  private static IllegalArgumentException notAPath(
      String text, @Nullable String why, @Nullable Exception cause) {
    return new IllegalArgumentException("'" + text + "' is not a path: " + why, cause);
  }

  @Override
  public String text() {
    return text;
  }

  public boolean isDefinite() {
    return compiled.isDefinite();
  }

  boolean readsData() {
    return root.isEmpty();
  }

  boolean readsContext() {
    return root.equals(CONTEXT);
  }

  @Override
  public JsonNode evaluate(Scope scope) {
    JsonNode from = from(scope);
    if (whole) {
      return from;
    }
    try {
      JsonNode found = compiled.read(from, JAYWAY);
      if (found == null) {
        throw new MissingPathException(text, "No results for path: " + compiled.getPath());
      }
      return found;
    } catch (PathNotFoundException e) {
      String reason = String.valueOf(e.getMessage());
      if (!compiled.isDefinite() && !NO_ARRAY.matcher(reason).find()) {
        return Json.NODES.arrayNode();
      }
      throw new MissingPathException(text, reason);
    } catch (JsonPathException e) {
      throw new MissingPathException(text, String.valueOf(e.getMessage()));
    }
  }

  private JsonNode from(Scope scope) {
    if (root.isEmpty()) {
      return scope.data();
    }
    if (root.equals(CONTEXT)) {
      return scope.context().get();
    }
    JsonNode value = scope.variables().get(root);
    if (value == null) {
      throw new MissingPathException(text, "no value was assigned to the variable $" + root);
    }
    return value;
  }

  /** Whether the path finds a node, even a null node; an indefinite path must find at least one. */
  public boolean isPresent(Scope scope) {
    try {
      JsonNode found = evaluate(scope);
      return compiled.isDefinite() || !found.isEmpty();
    } catch (MissingPathException e) {
      return false;
    }
  }
}
