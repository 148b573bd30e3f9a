package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.items.ObjectStore;
import io.inframetrics.workflow.state.ContextObject;
import io.inframetrics.workflow.state.States;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Configures and runs an execution. Not thread-safe, except for {@link #endRetries}; each {@link
 * #run} starts a new one.
 */
public final class Execution {

  private static final TaskHandler NO_TASKS =
      call -> {
        throw new TaskFailure(
            ErrorName.NO_TASK_RESULT,
            "there is no task handler for state '%s': give one to Execution.tasks"
                .formatted(call.state()));
      };

  private final String machine;
  private final States states;
  private final Duration timeout;
  private String name = "execution";
  private JsonNode input = Json.NODES.objectNode();
  private TaskHandler tasks = NO_TASKS;
  private ObjectStore objects = ObjectStore.memory();
  private WorkflowClock clock = WorkflowClock.virtual();
  private ExecutionListener listener = ExecutionListener.NONE;
  private Consumer<ExecutionResult> observer = result -> {};
  private @Nullable Instant startTime;
  private @Nullable Long seed;
  private volatile boolean retriesEnded;
  private volatile @Nullable Run running;

  /**
   * Called by {@code StateMachine.execution()}.
   *
   * @hidden
   */
  public Execution(String machine, States states, Duration timeout) {
    this.machine = machine;
    this.states = states;
    this.timeout = timeout;
  }

  /** Sets {@code $$.Execution.Name}; the default is {@code execution}. */
  public Execution name(String newName) {
    this.name = newName;
    return this;
  }

  /** Sets the input, which must not be changed during the run; the default is an empty object. */
  public Execution input(JsonNode newInput) {
    this.input = newInput;
    return this;
  }

  /**
   * Sets the input as JSON text.
   *
   * @throws tools.jackson.core.JacksonException if it is not JSON
   */
  public Execution input(String json) {
    return input(Json.parse(json));
  }

  /**
   * Sets the handler of all tasks. Without one the first task ends the execution with the error
   * {@code Simulation.NoTaskResult}, which no Retry and no Catch handles.
   */
  public Execution tasks(TaskHandler handler) {
    this.tasks = handler;
    return this;
  }

  /**
   * Sets what stands in for Amazon S3: where a distributed Map reads its items and writes its
   * results. The default is an empty store in memory.
   */
  public Execution objects(ObjectStore store) {
    this.objects = store;
    return this;
  }

  /** Sets the clock; the default is {@link WorkflowClock#virtual()}. */
  public Execution clock(WorkflowClock newClock) {
    this.clock = newClock;
    return this;
  }

  /**
   * Sets {@code $$.Execution.StartTime}. A virtual clock starts there, too; a real one reports it
   * and continues with the machine's time. The default is the clock's own time.
   */
  public Execution startTime(Instant time) {
    this.startTime = time;
    return this;
  }

  /** Sets what receives the result of each run, besides the caller; there is none by default. */
  public Execution observer(Consumer<ExecutionResult> newObserver) {
    this.observer = newObserver;
    return this;
  }

  /** Sets the listener; there is none by default. */
  public Execution listener(ExecutionListener newListener) {
    this.listener = newListener;
    return this;
  }

  /**
   * Seeds jitter, States.MathRandom and States.UUID. On a virtual clock, executions with the same
   * seed are identical, and the default is 0; on a real clock the default is random.
   */
  public Execution seed(long newSeed) {
    this.seed = newSeed;
    return this;
  }

  /**
   * Runs the execution on this thread and returns how it ended, even if it failed. An interrupt of
   * the thread stops it, stays set and gives {@link ExecutionStatus#ABORTED}.
   */
  public ExecutionResult run() {
    EventLoop loop = clock.open(startTime);
    Instant start = startTime == null ? loop.now() : startTime;
    Random random = seed == null ? clock.random() : new Random(seed);
    ContextObject context = ContextObject.of(machine, name, input, start);
    Run run = new Run(loop, tasks, objects, listener, random);
    running = run;
    if (retriesEnded) {
      run.endRetries();
    }
    ExecutionResult result = run.execute(states, context, input, timeout);
    observer.accept(result);
    return result;
  }

  /**
   * Lets the execution, running or not, finish without further retries: a task that fails, or that
   * waits for its next attempt, is caught or fails at once. Tasks and Wait states in progress go
   * on. May be called by any thread, also more than once.
   */
  public void endRetries() {
    retriesEnded = true;
    Run run = running;
    if (run != null) {
      run.loop().post(run::endRetries);
    }
  }
}
