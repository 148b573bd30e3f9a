package io.inframetrics.workflow.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A path to exactly one place in the data, where a result can be stored.
 *
 * @hidden
 */
public final class ReferencePath {

  /** The root: a result stored here replaces the data. */
  public static final ReferencePath ROOT = new ReferencePath("$", List.of());

  /** One link: .name, ['name'], ["name"] or [index]. */
  private static final Pattern LINK =
      Pattern.compile(
          "\\.(?<plain>[^.\\[]+)|\\[\\s*(?:'(?<single>(?:[^'\\\\]|\\\\.)*)'"
              + "|\"(?<double>(?:[^\"\\\\]|\\\\.)*)\"|(?<index>\\d+))\\s*\\]",
          Pattern.DOTALL);

  private final String text;
  private final List<Step> steps;

  private ReferencePath(String text, List<Step> steps) {
    this.text = text;
    this.steps = steps;
  }

  private record Step(@Nullable String name, int index) {}

  /** Reads a path; IllegalArgumentException says in one sentence why it is not one place. */
  public static ReferencePath parse(String text) {
    DataPath path = DataPath.parse(text);
    if (path.readsContext()) {
      throw new IllegalArgumentException(
          "'" + text + "' cannot be written, because it is in the context object");
    }
    if (!path.readsData()) {
      throw new IllegalArgumentException(
          "'" + text + "' cannot be written here, because it is a variable: use Assign");
    }
    String rest = text.substring(1);
    List<Step> steps = new ArrayList<>();
    Matcher link = LINK.matcher(rest);
    int end = 0;
    while (link.find() && link.start() == end) {
      String index = link.group("index");
      steps.add(index == null ? new Step(name(link), -1) : new Step(null, Integer.parseInt(index)));
      end = link.end();
    }
    if (!path.isDefinite() || end != rest.length()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a reference path: it must name exactly one node");
    }
    return new ReferencePath(text, List.copyOf(steps));
  }

  private static String name(Matcher link) {
    String plain = link.group("plain");
    if (plain != null) {
      return plain;
    }
    String single = link.group("single");
    return single == null
        ? link.group("double").replaceAll("\\\\([^'])", "$1")
        : single.replaceAll("\\\\([^\"])", "$1");
  }

  /**
   * Returns a copy of the data with the value in this place. Missing objects and arrays on the way
   * are created, and an index just past the end of an array appends.
   *
   * @throws FailureException States.ResultPathMatchFailure if the data cannot have this place
   */
  public JsonNode put(JsonNode data, JsonNode value) {
    return put(data, 0, value);
  }

  private JsonNode put(@Nullable JsonNode at, int depth, JsonNode value) {
    if (depth == steps.size()) {
      return value;
    }
    Step step = steps.get(depth);
    String name = step.name();
    if (name != null) {
      if (at != null && !(at instanceof ObjectNode)) {
        throw mismatch(name, at);
      }
      ObjectNode copy = Json.NODES.objectNode();
      if (at instanceof ObjectNode object) {
        copy.setAll(object);
      }
      copy.set(name, put(at == null ? null : at.get(name), depth + 1, value));
      return copy;
    }
    if (at != null && !(at instanceof ArrayNode)) {
      throw mismatch(String.valueOf(step.index()), at);
    }
    ArrayNode copy = Json.NODES.arrayNode();
    if (at instanceof ArrayNode array) {
      copy.addAll(array);
    }
    JsonNode put = put(copy.get(step.index()), depth + 1, value);
    if (step.index() > copy.size()) {
      throw mismatch(String.valueOf(step.index()), copy);
    }
    if (step.index() == copy.size()) {
      copy.add(put);
    } else {
      copy.set(step.index(), put);
    }
    return copy;
  }

  private FailureException mismatch(String step, JsonNode at) {
    return new FailureException(
        ErrorName.RESULT_PATH_MATCH_FAILURE,
        "Unable to apply step \"" + step + "\" of '" + text + "' to input " + Json.text(at));
  }
}
