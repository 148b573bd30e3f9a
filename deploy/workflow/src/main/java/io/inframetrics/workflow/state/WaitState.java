package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.data.MissingPathException;
import io.inframetrics.workflow.data.Scope;
import io.inframetrics.workflow.definition.DefinitionObject;
import io.inframetrics.workflow.jsonata.JsonataExpression;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Passes on its input after a delay.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html">Wait</a>
 */
final class WaitState extends State {

  /** The longest wait for a timestamp, as recorded: 24,855 days are accepted, and 24,856 not. */
  private static final long MAX_SECONDS = Integer.MAX_VALUE;

  private static final String TOO_LONG = "Wait state delay is too long.";

  private final DataFlow flow;
  private final boolean jsonata;
  private final NumberField seconds;
  private final @Nullable Instant timestamp;
  private final @Nullable DataPath timestampPath;
  private final @Nullable JsonataExpression timestampQuery;

  WaitState(String name, DefinitionObject fields) {
    super(name, "Wait", nextOf(fields));
    this.flow = DataFlow.load(fields);
    this.jsonata = fields.jsonata();
    fields.oneOf(true, "Seconds", "SecondsPath", "Timestamp", "TimestampPath");
    this.seconds = NumberField.load(fields, "Seconds", 0);
    this.timestampQuery = fields.expression("Timestamp");
    this.timestamp = timestampQuery == null ? fields.parsed("Timestamp", WaitState::parse) : null;
    this.timestampPath = fields.jsonata() ? null : fields.singlePath("TimestampPath");
  }

  @Override
  DataFlow flow() {
    return flow;
  }

  @Override
  public void attempt(Visit visit) {
    Scope scope = visit.scope();
    JsonNode input = flow.selected(scope);
    visit.pause(delay(visit.now(), scope.over(input)), () -> succeed(visit, flow, input));
  }

  private Duration delay(Instant now, Scope scope) {
    try {
      Long given = seconds.seconds(scope);
      return given == null ? untilTimestamp(now, scope) : Duration.ofSeconds(given);
    } catch (MissingPathException e) {
      throw FailureException.runtime(
          "The %s parameter does not reference an input value: %s"
              .formatted(timestampPath == null ? "SecondsPath" : "TimestampPath", e.path()));
    }
  }

  private Duration untilTimestamp(Instant now, Scope scope) {
    Instant until = timestamp;
    if (timestampQuery != null) {
      JsonNode value = timestampQuery.evaluate(scope, "string");
      try {
        until = parse(value.stringValue());
      } catch (IllegalArgumentException e) {
        throw new FailureException(
            ErrorName.QUERY_EVALUATION_ERROR,
            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "
                + value.stringValue());
      }
    }
    if (timestampPath != null) {
      JsonNode value = timestampPath.evaluate(scope);
      try {
        until = parse(Json.shown(value));
      } catch (IllegalArgumentException e) {
        throw FailureException.runtime(
            "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: "
                + "%s == %s".formatted(timestampPath.text(), value.asString()));
      }
    }
    Duration delay =
        until == null || until.isBefore(now) ? Duration.ZERO : Duration.between(now, until);
    if (delay.toSeconds() > MAX_SECONDS) {
      throw jsonata
          ? new FailureException(ErrorName.QUERY_EVALUATION_ERROR, TOO_LONG)
          : FailureException.runtime(TOO_LONG);
    }
    return delay;
  }

  /**
   * Reads an ISO-8601 date-time with offset, seconds optional, or throws an
   * IllegalArgumentException whose message is one sentence.
   */
  private static Instant parse(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a timestamp such as 2026-02-19T11:27:43Z", e);
    }
  }
}
