package io.inframetrics.workflow;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Hands on its input after a while.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html">Wait workflow
 *     state</a>
 */
final class WaitState extends State {

  private final DataFlow flow;
  private final @Nullable Long seconds;
  private final @Nullable Path secondsPath;
  private final @Nullable Instant timestamp;
  private final @Nullable Path timestampPath;

  private WaitState(String name, Fields fields) {
    super(name, "Wait", Transition.load(fields));
    this.flow = DataFlow.filtering(fields);
    fields.oneOf(true, "Seconds", "SecondsPath", "Timestamp", "TimestampPath");
    this.seconds = fields.integer("Seconds", 0, Fields.MAX_NUMBER);
    this.secondsPath = fields.singlePath("SecondsPath");
    this.timestamp = fields.parsed("Timestamp", Timestamps::parseOffsetDateTime);
    this.timestampPath = fields.singlePath("TimestampPath");
  }

  static WaitState load(String name, Fields fields) {
    return new WaitState(name, fields);
  }

  @Override
  void attempt(Visit visit) {
    Scope scope = visit.scope();
    JsonNode input = flow.selected(scope);
    visit.pause(delay(visit.now(), scope.over(input)), () -> visit.succeed(flow, input));
  }

  private Duration delay(Instant now, Scope scope) {
    if (seconds != null) {
      return Duration.ofSeconds(seconds);
    }
    if (secondsPath != null) {
      return Duration.ofSeconds(Numbers.seconds("SecondsPath", secondsPath, scope));
    }
    Instant until = timestamp;
    if (timestampPath != null) {
      JsonNode value = timestampPath.evaluate(scope);
      try {
        until =
            Timestamps.parseOffsetDateTime(
                value.isString() ? value.stringValue() : Json.text(value));
      } catch (IllegalArgumentException e) {
        throw FailureException.runtime(
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
                + "%s == %s".formatted(timestampPath.text(), value.asString()));
      }
    }
    return until == null || until.isBefore(now) ? Duration.ZERO : Duration.between(now, until);
  }
}
