package io.inframetrics.workflow.state;

import io.inframetrics.workflow.data.DataPath;
import io.inframetrics.workflow.data.ErrorName;
import io.inframetrics.workflow.data.FailureException;
import io.inframetrics.workflow.data.Json;
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

  private final DataFlow flow;
  private final NumberField seconds;
  private final @Nullable Instant timestamp;
  private final @Nullable DataPath timestampPath;
  private final @Nullable JsonataExpression timestampQuery;

  WaitState(String name, DefinitionObject fields) {
    super(name, "Wait", nextOf(fields));
    this.flow = DataFlow.load(fields);
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
    Long given = seconds.seconds(scope);
    if (given != null) {
      return Duration.ofSeconds(given);
    }
    Instant until = timestamp;
    if (timestampQuery != null) {
      JsonNode value = timestampQuery.evaluate(scope, "string");
      try {
        until = parse(value.stringValue());
      } catch (IllegalArgumentException e) {
        throw new FailureException(
            ErrorName.QUERY_EVALUATION_ERROR,
            "The Timestamp parameter is not a valid ISO-8601 extended offset date-time format string: "
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
    return until == null || until.isBefore(now) ? Duration.ZERO : Duration.between(now, until);
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
