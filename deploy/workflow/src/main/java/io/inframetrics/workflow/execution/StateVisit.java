package io.inframetrics.workflow.execution;

import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.Outcome;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.data.SizeLimit;
import io.inframetrics.workflow.history.RecordedHistory;
import io.inframetrics.workflow.items.ObjectStore;
import io.inframetrics.workflow.resource.TaskRequest;
import io.inframetrics.workflow.retry.Catcher;
import io.inframetrics.workflow.retry.Failure;
import io.inframetrics.workflow.retry.Retrier;
import io.inframetrics.workflow.state.BranchRequest;
import io.inframetrics.workflow.state.ContextObject;
import io.inframetrics.workflow.state.State;
import io.inframetrics.workflow.state.Visit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One visit of a state with all its attempts: starts and stops the state's work, retries, catches
 * and leaves. Retries are counted here, so the count restarts when the state is entered again.
 */
final class StateVisit implements Visit {

  private static final int TOKEN_BYTES = 48;

  private final Branch branch;
  private final Run run;
  private final State state;
  private final JsonNode input;
  private final Map<String, JsonNode> variables;
  private final long eventId;
  private final Instant entered;
  private final int number;
  private final Map<Retrier, Integer> retriesOf = new HashMap<>(0);
  private final Set<EventLoop.Cancellable> started = new LinkedHashSet<>(0);
  private @Nullable Failure lastFailure;
  private List<String> decisions = List.of();
  private int retries;

  /** The position of the last delay in the trace; -1 if there was none. */
  private int lastDelay = -1;

  private boolean branched;
  private boolean over;

  /** Enters the state; {@link #attempt} then starts its work. */
  StateVisit(Branch branch, State state, JsonNode input) {
    this.branch = branch;
    this.run = branch.run();
    this.state = state;
    this.input = input;
    this.variables = branch.variables().visible();
    this.eventId = branch.event(state.enteredEvent(), state.name(), input, null, -1);
    this.entered = now();
    this.number = run.trace().entered(state.name(), entered);
  }

  void attempt() {
    if (retries > 0) {
      run.awaitingRetry().remove(this);
    }
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
    return "An error occurred while executing the state '"
        + state.name()
        + "' (entered at the event id #"
        + eventId
        + "). ";
  }

  @Override
  public Instant now() {
    return run.loop().now();
  }

  @Override
  public void event(String type, @Nullable String name, long number) {
    branch.event(type, name, null, null, number);
  }

  @Override
  public String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    run.random().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
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
    lastDelay = run.trace().waiting(state.name(), now(), delay);
    started.add(run.loop().after(delay, () -> guarded(then)));
  }

  @Override
  public void branch(BranchRequest request, Consumer<JsonNode> onOutput) {
    branched = true;
    boolean iteration = request.iteration();
    // The outcome is about the branch, which exists only after this.
    Branch[] inner = new Branch[1];
    inner[0] =
        new Branch(
            run,
            branch.history(),
            place(request.index()),
            branch.lastEvent(),
            request.states(),
            request.context(),
            request.variables(),
            output -> {
              ended(inner[0], iteration ? "MapIterationSucceeded" : null, request.index());
              guarded(() -> onOutput.accept(output));
            },
            failure -> {
              ended(inner[0], iteration ? "MapIterationFailed" : null, request.index());
              fail(failure);
            });
    if (iteration) {
      inner[0].event("MapIterationStarted", state.name(), null, null, request.index());
    }
    started.add(inner[0]);
    inner[0].start(request.input());
  }

  @Override
  public void child(
      BranchRequest request,
      @Nullable Duration limit,
      Consumer<JsonNode> onOutput,
      Consumer<Failure> onFailure) {
    branched = true;
    Branch[] inner = new Branch[1];
    EventLoop.Timer timer =
        limit == null
            ? null
            : run.loop()
                .after(limit, () -> inner[0].stop(new Failure(ErrorName.TIMEOUT, null, false)));
    inner[0] =
        new Branch(
            run,
            new RecordedHistory(() -> inner[0].stop(Run.fullHistory())),
            place(request.index()),
            0,
            request.states(),
            request.context(),
            request.variables(),
            output -> {
              ended(inner[0], timer);
              guarded(() -> onOutput.accept(output));
            },
            failure -> {
              ended(inner[0], timer);
              guarded(() -> onFailure.accept(failure));
            });
    inner[0].event("ExecutionStarted", null, request.input(), null, -1);
    started.add(inner[0]);
    inner[0].start(request.input());
  }

  private void ended(Branch inner, EventLoop.@Nullable Timer timer) {
    started.remove(inner);
    if (timer != null) {
      timer.cancel();
    }
  }

  @Override
  public void decided(String part) {
    List<String> more = new ArrayList<>(decisions);
    more.add(part);
    decisions = more;
  }

  @Override
  public ObjectStore objects() {
    return run.objects();
  }

  private String place(int index) {
    String own = state.name() + "[" + index + "]";
    return branch.place().isEmpty() ? own : branch.place() + "/" + own;
  }

  private void ended(Branch inner, @Nullable String event, int index) {
    started.remove(inner);
    if (event != null) {
      inner.event(event, state.name(), null, null, index);
    }
    branch.continueAfter(inner);
  }

  @Override
  public void invoke(TaskRequest request, Consumer<JsonNode> onResult) {
    String resource = request.resource();
    String kind = request.kind();
    Duration timeout = request.timeout();
    branch.event(
        kind + "Scheduled",
        resource,
        request.input(),
        null,
        timeout == null ? -1 : timeout.toSeconds());
    branch.event(kind + "Started", resource, null, null, -1);
    TaskCall call = new TaskCall(state.name(), request, retries, now(), run.tokens());
    Consumer<TaskOutcome> end =
        outcome -> {
          Failure failure = outcome.failure();
          branch.event(
              kind + (failure == null ? "Succeeded" : "Failed"),
              resource,
              failure == null ? outcome.result() : null,
              failure,
              -1);
          stopAll();
          if (failure != null) {
            fail(failure);
          } else {
            guarded(() -> onResult.accept(outcome.result()));
          }
        };
    Heartbeat heartbeat = new Heartbeat(request.heartbeat(), kind, resource);
    if (request.token() != null) {
      started.add(heartbeat);
      started.add(run.tokens().register(request.token(), new TokenTask(heartbeat, end)));
    }
    started.add(
        run.loop()
            .call(
                () -> TaskOutcome.of(run.tasks(), call),
                outcome -> {
                  if (outcome.failure() != null || !call.awaitsToken()) {
                    end.accept(outcome);
                  } else if (kind.equals("Task")) {
                    branch.event("TaskSubmitted", resource, outcome.result(), null, -1);
                  }
                }));
    // After the call, so that a task which takes exactly its timeout is in time.
    limit(timeout, Failure.timeout(false), kind, resource);
    heartbeat.beat();
  }

  /** Fails the task when the limit passes; null for no limit. */
  private EventLoop.@Nullable Timer limit(
      @Nullable Duration limit, Failure failure, String kind, String resource) {
    if (limit == null) {
      return null;
    }
    EventLoop.Timer timer =
        run.loop()
            .after(
                limit,
                () -> {
                  branch.event(kind + "TimedOut", resource, null, failure, -1);
                  fail(failure);
                });
    started.add(timer);
    return timer;
  }

  /** Fails the task when it is silent for too long. */
  private final class Heartbeat implements EventLoop.Cancellable {
    private final @Nullable Duration interval;
    private final String kind;
    private final String resource;
    private EventLoop.@Nullable Timer timer;

    Heartbeat(@Nullable Duration interval, String kind, String resource) {
      this.interval = interval;
      this.kind = kind;
      this.resource = resource;
    }

    void beat() {
      cancel();
      timer = limit(interval, Failure.timeout(true), kind, resource);
    }

    @Override
    public void cancel() {
      if (timer != null) {
        timer.cancel();
      }
    }
  }

  private record TokenTask(Heartbeat limit, Consumer<TaskOutcome> onEnd)
      implements TaskTokens.Waiting {
    @Override
    public void end(@Nullable JsonNode output, @Nullable Failure failure) {
      onEnd.accept(
          new TaskOutcome(Duration.ZERO, output == null ? Json.NODES.nullNode() : output, failure));
    }

    @Override
    public void heartbeat() {
      limit.beat();
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
    if (branched) {
      branched = false;
      branch.event(state.type() + "StateFailed", null, null, null, -1);
    }
    Optional<Retrier> retrier = state.errorHandling().retrier(failure);
    if (retrier.isPresent() && !run.retriesEnded()) {
      int retry = retriesOf.merge(retrier.get(), 1, Integer::sum);
      if (retry <= retrier.get().maxAttempts()) {
        decided("Retry[" + state.errorHandling().retriers().indexOf(retrier.get()) + "]");
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
    lastDelay =
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
    decided("Catch[" + state.errorHandling().catchers().indexOf(catcher) + "]");
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
    if (lastDelay >= 0) {
      run.trace().stopped(lastDelay, now());
    }
    if (retries > 0) {
      run.awaitingRetry().remove(this);
    }
    if (how == StateOutcome.SUCCEEDED || how == StateOutcome.CAUGHT) {
      branch.event(
          state.exitedEvent(), state.name(), outcome == null ? null : outcome.output(), null, -1);
    }
    run.trace()
        .exited(
            number,
            new Trace.Visited(
                state.name(),
                branch.place(),
                state.type(),
                entered,
                now(),
                how,
                retries,
                input,
                outcome == null ? null : outcome.output(),
                outcome == null ? Map.of() : outcome.assigned(),
                decisions));
  }

  private void stopAll() {
    if (started.isEmpty()) {
      return;
    }
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
