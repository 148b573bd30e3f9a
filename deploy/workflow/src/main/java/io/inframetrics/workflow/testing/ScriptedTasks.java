package io.inframetrics.workflow.testing;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.execution.TaskCall;
import io.inframetrics.workflow.execution.TaskFailure;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.resource.TaskResource;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Scripted task results: each invocation takes the first unused entry whose state, resource and
 * input, if given, match, and an entry with its input before one for any input. Thread-safe;
 * entries are used up, so each execution needs its own script.
 *
 * <p>An invocation without a matching entry ends the execution with the error {@value #NO_RESULT}.
 * No Retry and no Catch handles it, because a gap in the script says nothing about the state
 * machine.
 */
public final class ScriptedTasks implements TaskHandler {

  public static final String NO_RESULT = ErrorName.NO_TASK_RESULT;

  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  /** The most characters of an input in a message. */
  private static final int SHOWN = 300;

  private final List<Entry> unused;
  private final boolean takesOtherInputs;

  private ScriptedTasks(List<Entry> entries, boolean takesOtherInputs) {
    this.unused = new ArrayList<>(entries);
    this.takesOtherInputs = takesOtherInputs;
  }

  private record Entry(
      String place,
      @Nullable String state,
      @Nullable String resource,
      @Nullable JsonNode input,
      @Nullable JsonNode output,
      @Nullable String error,
      @Nullable String cause,
      Duration duration) {

    JsonNode result() throws TaskFailure {
      if (error != null) {
        throw new TaskFailure(error, cause);
      }
      return output == null ? Json.NODES.nullNode() : output;
    }

    boolean isFor(String other) {
      return resource != null && other.equals(TaskResource.integration(resource));
    }

    boolean isFor(TaskCall call) {
      return (state == null || state.equals(call.state()))
          && (resource == null
              || resource.equals(call.resource())
              || resource.equals(TaskResource.integration(call.resource())));
    }
  }

  /**
   * Returns the answers of a recorded execution, each with the time that it took. A task gets the
   * answer of its recorded input, or else the next answer of its state, because tokens, times and
   * names of executions in an input differ from run to run.
   *
   * @param history what {@code aws stepfunctions get-execution-history} printed, all pages in one
   *     array called {@code events}
   * @throws IllegalArgumentException with one sentence if it is not such a history
   */
  public static ScriptedTasks replay(JsonNode history) {
    return of(RecordedTasks.of(history), true);
  }

  /**
   * Reads a script.
   *
   * @param tasks an array of {@code {"state"?, "resource"?, "input"?, "output": any, "seconds"?:
   *     n}} and {@code {"state"?, "resource"?, "input"?, "error": "Name", "cause"?: "text" or JSON,
   *     "seconds"?: n}}. An entry with an input, which may be called {@code parameters}, too,
   *     answers only an invocation with this input, and comes before an entry without one, so that
   *     concurrent iterations get their own answers. A resource is the whole ARN, or the part of an
   *     integration's ARN that names it ({@code lambda:invoke}). The output is what the Resource
   *     returns, for {@code lambda:invoke} the whole envelope. Seconds is how long the invocation
   *     takes on a virtual clock; the default is 0. Other fields are ignored.
   * @throws IllegalArgumentException with one sentence if it is not such an array
   */
  public static ScriptedTasks of(JsonNode tasks) {
    return of(tasks, false);
  }

  private static ScriptedTasks of(JsonNode tasks, boolean takesOtherInputs) {
    if (!tasks.isArray()) {
      throw new IllegalArgumentException("tasks must be an array of task results");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      entries.add(entry(tasks.get(i), "tasks[" + i + "]"));
    }
    return new ScriptedTasks(entries, takesOtherInputs);
  }

  private static Entry entry(JsonNode task, String where) {
    if (!task.isObject()) {
      throw new IllegalArgumentException(where + " must be an object");
    }
    JsonNode output = task.get("output");
    String error = string(task, "error", where);
    if ((output == null) == (error == null)) {
      throw new IllegalArgumentException(where + " must have either output or error");
    }
    JsonNode cause = task.get("cause");
    JsonNode seconds = task.get("seconds");
    if (seconds != null
        && (!seconds.isNumber()
            || seconds.doubleValue() < 0
            || seconds.doubleValue() > DefinitionObject.MAX_NUMBER)) {
      throw new IllegalArgumentException(
          where + ".seconds must be a number from 0 to " + DefinitionObject.MAX_NUMBER);
    }
    return new Entry(
        where,
        string(task, "state", where),
        string(task, "resource", where),
        task.has("parameters") ? task.get("parameters") : task.get("input"),
        output,
        error,
        cause == null || cause.isNull()
            ? null
            : cause.isString() ? cause.stringValue() : Json.text(cause),
        seconds == null
            ? Duration.ZERO
            : Duration.ofNanos(seconds.decimalValue().multiply(NANOS).longValue()));
  }

  private static @Nullable String string(JsonNode task, String name, String where) {
    JsonNode value = task.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new IllegalArgumentException(where + "." + name + " must be a string");
    }
    return value.stringValue();
  }

  @Override
  public JsonNode handle(TaskCall call) throws TaskFailure {
    Entry entry = next(call);
    call.takes(entry.duration());
    return entry.result();
  }

  /** Whether there is an unused entry for a resource of a distributed Map, of any state. */
  synchronized boolean answers(String resource) {
    return unused.stream().anyMatch(entry -> entry.isFor(resource));
  }

  synchronized JsonNode take(String resource) throws TaskFailure {
    for (int i = 0; i < unused.size(); i++) {
      if (unused.get(i).isFor(resource)) {
        return unused.remove(i).result();
      }
    }
    throw new IllegalStateException("ask answers() first");
  }

  private synchronized Entry next(TaskCall call) throws TaskFailure {
    Entry forAnyInput = null;
    Entry forOtherInput = null;
    for (Entry entry : unused) {
      if (entry.isFor(call)) {
        if (entry.input() != null && Json.same(entry.input(), call.input())) {
          unused.remove(entry);
          return entry;
        }
        if (entry.input() == null || takesOtherInputs) {
          forAnyInput = forAnyInput == null ? entry : forAnyInput;
        } else {
          forOtherInput = forOtherInput == null ? entry : forOtherInput;
        }
      }
    }
    if (forAnyInput != null) {
      unused.remove(forAnyInput);
      return forAnyInput;
    }
    String gap =
        "there is no unused task result for state '%s' and resource '%s'"
            .formatted(call.state(), call.resource());
    throw new TaskFailure(
        NO_RESULT,
        forOtherInput == null || forOtherInput.input() == null
            ? gap
            : "%s with the input %s: %s is for the input %s"
                .formatted(
                    gap, shown(call.input()), forOtherInput.place(), shown(forOtherInput.input())));
  }

  private static String shown(JsonNode input) {
    String text = Json.text(input);
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }

  /** The number of unused entries. */
  public synchronized int unused() {
    return unused.size();
  }

  /**
   * The places of the unused entries, such as {@code tasks[2]}.
   *
   * @hidden
   */
  public synchronized List<String> unusedPlaces() {
    return unused.stream().map(Entry::place).toList();
  }
}
