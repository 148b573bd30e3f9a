package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.state.ContextObject;
import io.inframetrics.workflow.state.States;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An execution about to be run. Not thread-safe; {@link #run} may be called again and then runs
 * anew.
 */
public final class Execution {

  private static final TaskHandler NO_TASKS =
      call -> {
        throw new TaskFailure(
            "NoTaskHandler", "no task handler was given for state '" + call.state() + "'");
      };

  private final String machine;
  private final States states;
  private final Duration timeout;
  private String name = "execution";
  private JsonNode input = Json.NODES.objectNode();
  private TaskHandler tasks = NO_TASKS;
  private WorkflowClock clock = WorkflowClock.virtual();
  private ExecutionListener listener = ExecutionListener.NONE;
  private @Nullable Instant startTime;
  private @Nullable Long seed;

  /**
   * Prepares an execution; {@code StateMachine.execution()} calls this.
   *
   * @hidden
   */
  public Execution(String machine, States states, Duration timeout) {
    this.machine = machine;
    this.states = states;
    this.timeout = timeout;
  }

  /** The value of {@code $$.Execution.Name}; {@code execution} when not given. */
  public Execution name(String newName) {
    this.name = newName;
    return this;
  }

  /** The input; an empty object when not given. It must not be changed while the execution runs. */
  public Execution input(JsonNode newInput) {
    this.input = newInput;
    return this;
  }

  /**
   * The input as JSON text.
   *
   * @throws tools.jackson.core.JacksonException when it is not JSON
   */
  public Execution input(String json) {
    return input(Json.parse(json));
  }

  /** What tasks do. Without it every task fails with the error NoTaskHandler. */
  public Execution tasks(TaskHandler handler) {
    this.tasks = handler;
    return this;
  }

  /** The time it runs in; {@link WorkflowClock#virtual()} when not given. */
  public Execution clock(WorkflowClock newClock) {
    this.clock = newClock;
    return this;
  }

  /**
   * The value of {@code $$.Execution.StartTime}. A virtual clock starts there too; a real one
   * reports it and goes on with the machine's time. The clock's own time when not given.
   */
  public Execution startTime(Instant time) {
    this.startTime = time;
    return this;
  }

  /** Who hears what happens while it happens; nobody when not given. */
  public Execution listener(ExecutionListener newListener) {
    this.listener = newListener;
    return this;
  }

  /**
   * Seeds jitter, States.MathRandom and States.UUID. On a virtual clock executions with the same
   * seed are the same in everything, and the seed is 0 when not given; on a real clock it is drawn
   * anew.
   */
  public Execution seed(long newSeed) {
    this.seed = newSeed;
    return this;
  }

  /**
   * Runs the execution on this thread until it ends. Whatever happens in it is the result; an
   * interrupt of the thread stops it, stays set and gives {@link ExecutionStatus#ABORTED}.
   */
  public ExecutionResult run() {
    EventLoop loop = clock.open(startTime);
    Instant start = startTime == null ? loop.now() : startTime;
    Random random = seed == null ? clock.random() : new Random(seed);
    ContextObject context = ContextObject.of(machine, name, input, start);
    return new Run(loop, tasks, listener, random).execute(states, context, input, timeout);
  }
}
