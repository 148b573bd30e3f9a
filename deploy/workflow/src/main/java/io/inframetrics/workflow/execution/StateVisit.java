package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.MissingPathException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.state.Catcher;
import io.inframetrics.workflow.state.ContextObject;
import io.inframetrics.workflow.state.Failure;
import io.inframetrics.workflow.state.Retrier;
import io.inframetrics.workflow.state.State;
import io.inframetrics.workflow.state.States;
import io.inframetrics.workflow.state.Visit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One stay in a state, with all its attempts: it owns what the state has started, retries, catches
 * and leaves. Retry budgets live here, so they begin anew when the state is entered again.
 */
final class StateVisit implements Visit {

  private final Branch branch;
  private final Run run;
  private final State state;
  private final JsonNode input;
  private final IdentityHashMap<Retrier, Integer> retriesOf = new IdentityHashMap<>();
  private final List<EventLoop.Cancellable> started = new ArrayList<>();
  private int retries;
  private long eventId;
  private boolean over;
  private TraceRecorder.@Nullable Entry entry;
  private @Nullable JsonNode contextObject;

  StateVisit(Branch branch, State state, JsonNode input) {
    this.branch = branch;
    this.run = branch.run();
    this.state = state;
    this.input = input;
  }

  void begin() {
    eventId = run.happens(1);
    entry = run.trace().entered(state, now(), input);
    attempt();
  }

  private void attempt() {
    contextObject = null;
    guarded(() -> state.attempt(this));
  }

  /**
   * Runs a part of the state; an exception that the language has a name for becomes the state's
   * failure.
   */
  private void guarded(Runnable part) {
    try {
      part.run();
    } catch (FailureException e) {
      String cause = e.explanation();
      if (!e.error().equals(ErrorName.DATA_LIMIT_EXCEEDED)) {
        cause = prefix() + cause;
      }
      fail(Failure.of(e.error(), cause));
    } catch (MissingPathException e) {
      fail(Failure.of(ErrorName.RUNTIME, prefix() + e.getMessage()));
    }
  }

  private String prefix() {
    return "An error occurred while executing the state '%s' (entered at the event id #%d). "
        .formatted(state.name(), eventId);
  }

  @Override
  public Instant now() {
    return run.loop().now();
  }

  @Override
  public void countEvents(int events) {
    run.happens(events);
  }

  @Override
  public ContextObject context() {
    return branch.context();
  }

  @Override
  public Scope scope() {
    return new Scope(
        input,
        () -> {
          if (contextObject == null) {
            Instant entered = entry == null ? now() : entry.entered();
            contextObject = context().inState(state.name(), entered, retries);
          }
          return contextObject;
        },
        run.random());
  }

  @Override
  public Scope scope(ContextObject item) {
    Instant entered = entry == null ? now() : entry.entered();
    return new Scope(input, () -> item.inState(state.name(), entered, retries), run.random());
  }

  @Override
  public void pause(Duration delay, Runnable then) {
    run.trace().waiting(state, now(), delay);
    started.add(run.loop().after(delay, () -> guarded(then)));
  }

  @Override
  public void branch(
      States states, ContextObject context, JsonNode branchInput, Consumer<JsonNode> onOutput) {
    Branch inner =
        new Branch(
            run, states, context, output -> guarded(() -> onOutput.accept(output)), this::fail);
    started.add(inner);
    inner.start(branchInput);
  }

  @Override
  public void invoke(
      String resource,
      JsonNode taskInput,
      @Nullable Duration timeout,
      Consumer<JsonNode> onResult) {
    run.happens(2);
    TaskCall call = new TaskCall(state.name(), resource, taskInput, retries, now());
    EventLoop.Cancellable work =
        run.loop()
            .call(
                () -> new EventLoop.Timed<>(TaskOutcome.of(run.tasks(), call), call.duration()),
                outcome -> {
                  run.happens(1);
                  stopAll();
                  guarded(() -> outcome.handle(onResult, this::fail));
                });
    started.add(work);
    if (timeout != null) {
      started.add(
          run.loop()
              .after(
                  timeout,
                  () -> {
                    run.happens(1);
                    fail(new Failure(ErrorName.TIMEOUT, null, true));
                  }));
    }
  }

  @Override
  public void go(@Nullable String next, JsonNode output) {
    SizeLimit.check(output, state.name());
    leave(StateOutcome.SUCCEEDED, output);
    branch.go(next, output);
  }

  @Override
  public void fail(Failure failure) {
    if (over) {
      return;
    }
    stopAll();
    boolean ofBranches = !state.inner().isEmpty();
    for (Retrier retrier : state.retriers()) {
      if (retrier.errors().matches(failure, ofBranches)) {
        int retry = retriesOf.merge(retrier, 1, Integer::sum);
        if (retry <= retrier.maxAttempts()) {
          retry(retrier.delay(retry, run.random()), failure);
          return;
        }
        break;
      }
    }
    for (Catcher catcher : state.catchers()) {
      if (catcher.errors().matches(failure, ofBranches)) {
        // Without a path to put the error in, the failure of the Catch itself is what remains.
        guardedCatch(catcher, failure);
        return;
      }
    }
    leave(StateOutcome.FAILED, null);
    branch.fail(failure);
  }

  private void guardedCatch(Catcher catcher, Failure failure) {
    JsonNode output;
    try {
      output = catcher.output(input, failure);
      SizeLimit.check(output, state.name());
    } catch (FailureException e) {
      leave(StateOutcome.FAILED, null);
      branch.fail(Failure.of(e.error(), prefix() + e.explanation()));
      return;
    }
    leave(StateOutcome.CAUGHT, output);
    branch.go(catcher.next(), output);
  }

  private void retry(Duration delay, Failure failure) {
    retries++;
    if (entry != null) {
      run.trace().retrying(entry, String.valueOf(failure.error()), now(), delay);
    }
    started.add(run.loop().after(delay, this::attempt));
  }

  private void leave(StateOutcome outcome, @Nullable JsonNode output) {
    over = true;
    stopAll();
    if (outcome != StateOutcome.ABORTED && outcome != StateOutcome.FAILED) {
      run.happens(1);
    }
    if (entry != null) {
      run.trace().exited(entry, outcome, now(), output);
    }
  }

  private void stopAll() {
    // A branch that is stopped may itself look at this list; it must find it empty.
    List<EventLoop.Cancellable> running = List.copyOf(started);
    started.clear();
    running.forEach(EventLoop.Cancellable::cancel);
  }

  /** Stops everything, because another branch failed or the execution is over. */
  void cancel() {
    if (!over) {
      leave(StateOutcome.ABORTED, null);
    }
  }
}
