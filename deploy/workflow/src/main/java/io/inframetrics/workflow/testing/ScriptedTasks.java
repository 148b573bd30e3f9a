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
 * Scripted task results: each invocation takes the first unused entry whose state and resource, if
 * given, match, and of several the one with its input. Thread-safe; entries are used up, so each
 * execution needs its own script.
 *
 * <p>An invocation without a matching entry ends the execution with the error {@value #NO_RESULT}.
 * No Retry and no Catch handles it, because a gap in the script says nothing about the state
 * machine.
 */
public final class ScriptedTasks implements TaskHandler {

  public static final String NO_RESULT = ErrorName.NO_TASK_RESULT;

  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

  private final List<Entry> unused;

  private ScriptedTasks(List<Entry> entries) {
    this.unused = new ArrayList<>(entries);
  }

  private record Entry(
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
   * Returns the answers of a recorded execution, each with the time that it took.
   *
   * @param history what {@code aws stepfunctions get-execution-history} printed, all pages in one
   *     array called {@code events}
   * @throws IllegalArgumentException with one sentence if it is not such a history
   */
  public static ScriptedTasks replay(JsonNode history) {
    return of(RecordedTasks.of(history));
  }

  /**
   * Reads a script.
   *
   * @param tasks an array of {@code {"state"?, "resource"?, "input"?, "output": any, "seconds"?:
   *     n}} and {@code {"state"?, "resource"?, "input"?, "error": "Name", "cause"?: "text" or JSON,
   *     "seconds"?: n}}. Of several entries that match, one with the invocation's own input comes
   *     first, so that concurrent iterations get their own answers; it may be called {@code
   *     parameters}, too. A resource is the whole ARN, or the part of an integration's ARN that
   *     names it ({@code lambda:invoke}). The output is what the Resource returns, for {@code
   *     lambda:invoke} the whole envelope. Seconds is how long the invocation takes on a virtual
   *     clock; the default is 0. Other fields are ignored.
   * @throws IllegalArgumentException with one sentence if it is not such an array
   */
  public static ScriptedTasks of(JsonNode tasks) {
    if (!tasks.isArray()) {
      throw new IllegalArgumentException("tasks must be an array of task results");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      entries.add(entry(tasks.get(i), "tasks[" + i + "]"));
    }
    return new ScriptedTasks(entries);
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
    int found = -1;
    for (int i = 0; i < unused.size(); i++) {
      Entry entry = unused.get(i);
      if (entry.isFor(call)) {
        if (entry.input() != null && Json.same(entry.input(), call.input())) {
          return unused.remove(i);
        }
        found = found < 0 ? i : found;
      }
    }
    if (found >= 0) {
      return unused.remove(found);
    }
    throw new TaskFailure(
        NO_RESULT,
        "there is no unused task result for state '%s' and resource '%s'"
            .formatted(call.state(), call.resource()));
  }

  /** The number of unused entries. */
  public synchronized int unused() {
    return unused.size();
  }
}
