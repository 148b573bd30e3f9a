package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Outcome;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.retry.Catcher;
import io.inframetrics.workflow.retry.Failure;
import io.inframetrics.workflow.retry.Retrier;
import io.inframetrics.workflow.state.ContextObject;
import io.inframetrics.workflow.state.State;
import io.inframetrics.workflow.state.States;
import io.inframetrics.workflow.state.Visit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One visit of a state with all its attempts: starts and stops the state's work, retries, catches
 * and leaves. Retries are counted here, so the count restarts when the state is entered again.
 */
final class StateVisit implements Visit {

  private final Branch branch;
  private final Run run;
  private final State state;
  private final JsonNode input;
  private final Map<String, JsonNode> variables;
  private final long eventId;
  private final Instant entered;
  private final int number;
  private final IdentityHashMap<Retrier, Integer> retriesOf = new IdentityHashMap<>();
  private final List<EventLoop.Cancellable> started = new ArrayList<>();
  private @Nullable Failure lastFailure;
  private int retries;
  private boolean over;

  /** Enters the state; {@link #attempt} then starts its work. */
  StateVisit(Branch branch, State state, JsonNode input) {
    this.branch = branch;
    this.run = branch.run();
    this.state = state;
    this.input = input;
    this.variables = branch.variables().visible();
    this.eventId = run.happens(1);
    this.entered = now();
    this.number = run.trace().entered(state.name(), entered);
  }

  void attempt() {
    run.awaitingRetry().remove(this);
    guarded(() -> state.attempt(this));
  }

  /** Runs a part of the state and turns the language's exceptions into the state's failure. */
  private void guarded(Runnable part) {
    try {
      part.run();
    } catch (FailureException e) {
      boolean tooLarge = e.error().equals(ErrorName.DATA_LIMIT_EXCEEDED);
      fail(Failure.of(e.error(), (tooLarge ? "" : prefix()) + e.explanation()));
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
    return scope(context());
  }

  @Override
  public Scope scope(ContextObject context) {
    return new Scope(
        input,
        () -> context.inState(state.name(), entered, state.canRetry() ? retries : null),
        variables,
        now(),
        run.random(),
        null,
        null);
  }

  @Override
  public void pause(Duration delay, Runnable then) {
    run.trace().waiting(state.name(), now(), delay);
    started.add(run.loop().after(delay, () -> guarded(then)));
  }

  @Override
  public void branch(
      States states,
      ContextObject context,
      Map<String, JsonNode> outerVariables,
      JsonNode branchInput,
      Consumer<JsonNode> onOutput) {
    Branch inner =
        new Branch(
            run,
            states,
            context,
            outerVariables,
            output -> guarded(() -> onOutput.accept(output)),
            this::fail);
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
    started.add(
        run.loop()
            .call(
                () -> TaskOutcome.of(run.tasks(), call),
                outcome -> {
                  run.happens(1);
                  stopAll();
                  if (outcome.failure() != null) {
                    fail(outcome.failure());
                  } else {
                    guarded(() -> onResult.accept(outcome.result()));
                  }
                }));
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
  public void go(@Nullable String next, Outcome outcome) {
    SizeLimit.check(outcome.output(), state.name());
    branch.variables().assign(outcome.assigned(), state.name());
    leave(StateOutcome.SUCCEEDED, outcome);
    branch.go(next, outcome.output());
  }

  @Override
  public void fail(Failure failure) {
    if (over) {
      return;
    }
    stopAll();
    Optional<Retrier> retrier = state.errorHandling().retrier(failure);
    if (retrier.isPresent() && !run.retriesEnded()) {
      int retry = retriesOf.merge(retrier.get(), 1, Integer::sum);
      if (retry <= retrier.get().maxAttempts()) {
        retry(retrier.get().delay(retry, run.random()), failure);
        return;
      }
    }
    Optional<Catcher> catcher = state.errorHandling().catcher(failure);
    if (catcher.isPresent()) {
      handOver(catcher.get(), failure);
    } else {
      giveUp(failure);
    }
  }

  private void retry(Duration delay, Failure failure) {
    retries++;
    lastFailure = failure;
    run.awaitingRetry().add(this);
    run.trace().retrying(state.name(), String.valueOf(failure.error()), retries, now(), delay);
    started.add(run.loop().after(delay, this::attempt));
  }

  /** Fails with the failure that would have been retried. */
  void endRetry() {
    if (lastFailure != null) {
      fail(lastFailure);
    }
  }

  private void handOver(Catcher catcher, Failure failure) {
    Outcome outcome;
    try {
      outcome = catcher.outcome(scope(), failure);
      SizeLimit.check(outcome.output(), state.name());
      branch.variables().assign(outcome.assigned(), state.name());
    } catch (FailureException e) {
      // The Catch itself failed: it could not store the error, or its output is too large.
      giveUp(Failure.of(e.error(), prefix() + e.explanation()));
      return;
    }
    leave(StateOutcome.CAUGHT, outcome);
    branch.go(catcher.next(), outcome.output());
  }

  private void giveUp(Failure failure) {
    leave(StateOutcome.FAILED, null);
    branch.fail(failure);
  }

  private void leave(StateOutcome how, @Nullable Outcome outcome) {
    over = true;
    stopAll();
    run.awaitingRetry().remove(this);
    if (how == StateOutcome.SUCCEEDED || how == StateOutcome.CAUGHT) {
      run.happens(1);
    }
    run.trace()
        .exited(
            number,
            new Trace.Visited(
                state.name(),
                state.type(),
                entered,
                now(),
                how,
                retries,
                input,
                outcome == null ? null : outcome.output(),
                outcome == null ? Map.of() : outcome.assigned()));
  }

  private void stopAll() {
    // Cleared first, because a branch that is stopped may read this list.
    List<EventLoop.Cancellable> running = List.copyOf(started);
    started.clear();
    running.forEach(EventLoop.Cancellable::cancel);
  }

  /** Stops all work, because another branch failed or the execution is over. */
  void cancel() {
    if (!over) {
      leave(StateOutcome.ABORTED, null);
    }
  }
}
