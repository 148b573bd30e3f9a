package io.inframetrics.workflow.definition;

import io.inframetrics.workflow.data.Assignment;
import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.PayloadTemplate;
import io.inframetrics.workflow.data.ReferencePath;
import io.inframetrics.workflow.data.Template;
import io.inframetrics.workflow.jsonata.JsonataExpression;
import io.inframetrics.workflow.jsonata.JsonataTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one JSON object of a definition. Every invalid field becomes a problem with its pointer; so
 * does, at the end, every field that was never read.
 *
 * @hidden
 */
public final class DefinitionObject {

  /**
   * The largest number of seconds, attempts or items.
   *
   * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html">Task</a>
   */
  public static final long MAX_NUMBER = 99_999_999;

  private final ObjectNode node;
  private final String pointer;
  private final List<Problem> problems;
  private final Set<String> known = new HashSet<>();

  /** The object's place in its state, such as {@code Choices[0]/}; empty for the state itself. */
  private String place = "";

  private boolean jsonata;

  private DefinitionObject(ObjectNode node, String pointer, List<Problem> problems) {
    this.node = node;
    this.pointer = pointer;
    this.problems = problems;
  }

  /** Reads an object of the language, which may always have a Comment. */
  static DefinitionObject of(ObjectNode node, String pointer, List<Problem> problems) {
    DefinitionObject fields = new DefinitionObject(node, pointer, problems);
    fields.string("Comment");
    return fields;
  }

  /** Begins a state: its fields are in this query language, and so are those of objects in it. */
  public void startState(boolean inJsonata) {
    this.jsonata = inJsonata;
    this.place = "";
  }

  /** Whether the fields are in JSONata; otherwise they are in JSONPath. */
  public boolean jsonata() {
    return jsonata;
  }

  private DefinitionObject inside(DefinitionObject child, String name) {
    child.jsonata = jsonata;
    child.place = place + name + "/";
    return child;
  }

  private String pointer(String name) {
    return Json.pointer(pointer, name);
  }

  public boolean has(String name) {
    return node.has(name);
  }

  public void problem(String message) {
    problems.add(new Problem(pointer, message));
  }

  public void problem(String name, String message) {
    problems.add(new Problem(pointer(name), message));
  }

  /** Reports a problem at a pointer from the root of the definition. */
  public void problemAt(String where, String message) {
    problems.add(new Problem(where, message));
  }

  /** The field's value; null if it is absent, a null node if it is null. */
  public @Nullable JsonNode value(String name) {
    known.add(name);
    return node.get(name);
  }

  /** Reads a field; null if it is absent, or if its type is wrong, which adds a problem. */
  private <T> @Nullable T typed(
      String name, Predicate<JsonNode> isRight, String mustBe, Function<JsonNode, T> reader) {
    JsonNode value = value(name);
    if (value == null) {
      return null;
    }
    if (!isRight.test(value)) {
      problem(name, name + " must be " + mustBe);
      return null;
    }
    return reader.apply(value);
  }

  public @Nullable String string(String name) {
    return typed(name, JsonNode::isString, "a string", JsonNode::stringValue);
  }

  public String requiredString(String name) {
    String value = string(name);
    if (value == null) {
      if (!has(name)) {
        problem(name + " is missing");
      }
      return "";
    }
    if (value.isEmpty()) {
      problem(name, name + " must not be empty");
    }
    return value;
  }

  public @Nullable Boolean bool(String name) {
    return typed(name, JsonNode::isBoolean, "true or false", JsonNode::booleanValue);
  }

  public @Nullable Long integer(String name, long min, long max) {
    return typed(
        name,
        value ->
            value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= min
                && value.longValue() <= max,
        "a whole number from " + min + " to " + max,
        JsonNode::longValue);
  }

  public @Nullable Double number(String name, double min) {
    return typed(
        name,
        value -> value.isNumber() && value.doubleValue() >= min,
        "a number of at least " + min,
        JsonNode::doubleValue);
  }

  public @Nullable DataPath path(String name) {
    return parsed(name, DataPath::parse);
  }

  /** A path that finds at most one node. */
  public @Nullable DataPath singlePath(String name) {
    DataPath path = path(name);
    if (path != null && !path.isDefinite()) {
      problem(name, "'" + path.text() + "' is not a reference path: it must name exactly one node");
    }
    return path;
  }

  /** Where ResultPath stores the result: the root if it is absent, nowhere (null) if it is null. */
  public @Nullable ReferencePath resultPath() {
    JsonNode value = value("ResultPath");
    if (value == null) {
      return ReferencePath.ROOT;
    }
    return value.isNull() ? null : parsed("ResultPath", ReferencePath::parse);
  }

  /** Parses the field's text; the parser's message becomes a problem. */
  public <T> @Nullable T parsed(String name, Function<String, T> parser) {
    String text = string(name);
    if (text == null) {
      return null;
    }
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      problem(name, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** An object with paths, or in JSONata any JSON with expressions. */
  public @Nullable Template template(String name) {
    BiConsumer<String, String> onProblem = this::problemAt;
    if (jsonata) {
      JsonNode value = value(name);
      return value == null
          ? null
          : JsonataTemplate.parse(value, place + name, onProblem, pointer(name));
    }
    return typed(
        name,
        JsonNode::isObject,
        "an object",
        value -> PayloadTemplate.parse(value, onProblem, pointer(name)));
  }

  /** The expression of a field in JSONata; null if its value is anything else. */
  public @Nullable JsonataExpression expression(String name) {
    JsonNode value = jsonata ? value(name) : null;
    return value != null && value.isString() && JsonataExpression.isExpression(value.stringValue())
        ? parsed(name, text -> JsonataExpression.parse(text, place + name))
        : null;
  }

  /** The Assign field; its names must be those of variables. */
  public Assignment assignment() {
    Template template =
        typed(
            "Assign",
            JsonNode::isObject,
            "an object whose fields are variables",
            value -> template("Assign"));
    for (String key : assignedNames()) {
      String mistake = Assignment.mistakeIn(key);
      if (mistake != null) {
        problem("Assign", mistake);
      }
    }
    return template == null ? Assignment.NONE : new Assignment(template);
  }

  /** The names of the variables in Assign. */
  public List<String> assignedNames() {
    return node.get("Assign") instanceof ObjectNode assign
        ? assign.propertyNames().stream()
            .map(key -> jsonata ? key : PayloadTemplate.name(key))
            .toList()
        : List.of();
  }

  public @Nullable DefinitionObject object(String name) {
    return typed(
        name,
        JsonNode::isObject,
        "an object",
        value -> inside(of((ObjectNode) value, pointer(name), problems), name));
  }

  /** An object whose field names the definition chooses; Comment is a name like any other. */
  public @Nullable DefinitionObject namedObjects(String name) {
    return typed(
        name,
        JsonNode::isObject,
        "an object",
        value -> inside(new DefinitionObject((ObjectNode) value, pointer(name), problems), name));
  }

  /** The objects of an array; any other element is left out and becomes a problem. */
  public List<DefinitionObject> objects(String name, boolean required) {
    JsonNode value = value(name);
    if (value == null) {
      if (required) {
        problem(name + " is missing");
      }
      return List.of();
    }
    if (!(value instanceof ArrayNode array)) {
      problem(name, name + " must be an array");
      return List.of();
    }
    if (required && array.isEmpty()) {
      problem(name, name + " must not be empty");
    }
    List<DefinitionObject> objects = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      String where = Json.pointer(pointer(name), String.valueOf(i));
      if (array.get(i) instanceof ObjectNode object) {
        objects.add(inside(of(object, where, problems), name + "[" + i + "]"));
      } else {
        problems.add(new Problem(where, "an element of " + name + " must be an object"));
      }
    }
    return objects;
  }

  /** All field names, in the definition's order. */
  public List<String> names() {
    return List.copyOf(node.propertyNames());
  }

  /** Checks that exactly one of these fields is given, or at most one if none is required. */
  public void oneOf(boolean required, String... names) {
    List<String> given = Arrays.stream(names).filter(this::has).toList();
    if (given.size() > 1) {
      problem("only one of " + String.join(", ", given) + " may be given");
    }
    if (required && given.isEmpty()) {
      problem("one of " + String.join(", ", names) + " is missing");
    }
  }

  /** Reports a field that Step Functions supports and this module does not. */
  public void unsupported(String name, String why) {
    if (value(name) != null) {
      problem(name, name + " is not supported: " + why);
    }
  }

  /** Reports a field of the other query language. */
  public void misplaced(String name, String instead) {
    if (value(name) != null) {
      problem(
          name,
          jsonata
              ? name + " belongs to JSONPath, and this state uses JSONata" + instead
              : name
                  + " belongs to JSONata, and this state uses JSONPath: set QueryLanguage to JSONata"
                  + instead);
    }
  }

  /** Reports every field that was not read. Call it last. */
  public void refuseUnknown() {
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        problem(name, "'" + name + "' is not a field of this object");
      }
    }
  }
}
