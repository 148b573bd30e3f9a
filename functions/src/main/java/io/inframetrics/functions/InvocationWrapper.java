package io.inframetrics.functions;

import com.amazonaws.services.lambda.runtime.Context;
import io.inframetrics.functions.payload.LogFields;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.messaging.Message;

/**
 * A function bean: passes a request to a verb, with the id and the deadline of its invocation. Logs
 * what the verb throws with its stack trace, and rethrows it with a short message and no trace,
 * because the workflow's state keeps it.
 */
final class InvocationWrapper<I, O> implements Function<Message<I>, O> {

  /** The state machine's timeout for a task; used outside Lambda, where no deadline is given. */
  static final Duration DEFAULT_TIME = Duration.ofSeconds(60);

  /** Kept from Lambda's remaining time for sending the answer. */
  private static final Duration ANSWER_RESERVE = Duration.ofMillis(500);

  /** Four such messages, one per failed branch, fit into the workflow's state many times over. */
  private static final int MAX_MESSAGE_LENGTH = 2_000;

  /** The field's name in Lambda's own log lines. */
  private static final String REQUEST_ID = "AWSRequestId";

  /** The request id, also the id of a run that names none, and when the caller stops waiting. */
  record Invocation(String requestId, Deadline deadline) {}

  private static final Logger LOG = LoggerFactory.getLogger(InvocationWrapper.class);

  private final String name;
  private final BiFunction<I, Invocation, O> verb;
  private final Clock clock;

  InvocationWrapper(String name, BiFunction<I, Invocation, O> verb, Clock clock) {
    this.name = name;
    this.verb = verb;
    this.clock = clock;
  }

  @Override
  public O apply(Message<I> message) {
    Invocation invocation = invocation(message);
    MDC.put(REQUEST_ID, invocation.requestId());
    if (message.getPayload() instanceof LogFields request) {
      request.logFields(invocation.requestId()).forEach(InvocationWrapper::putUnlessMissing);
    }
    try {
      return apply(message.getPayload(), invocation);
    } finally {
      MDC.clear();
    }
  }

  private static void putUnlessMissing(String name, @Nullable String value) {
    if (value != null) {
      MDC.put(name, value);
    }
  }

  private O apply(I request, Invocation invocation) {
    try {
      return verb.apply(request, invocation);
    } catch (InvalidRequestException e) {
      LOG.warn("{} rejected its request", name, e);
      throw withoutTrace(new InvalidRequestException(messageOf(e)));
    } catch (RetryableFailureException e) {
      LOG.warn("{} failed and may be retried", name, e);
      throw withoutTrace(new RetryableFailureException(messageOf(e)));
    } catch (RuntimeException e) {
      LOG.error("{} failed", name, e);
      String text = messageOf(e);
      throw withoutTrace(
          text.equals(String.valueOf(e.getMessage())) ? e : new RetryableFailureException(text));
    } catch (Error e) {
      LOG.error("{} failed", name, e);
      throw withoutTrace(e);
    }
  }

  private Invocation invocation(Message<I> message) {
    if (message.getHeaders().get(AWSLambdaUtils.AWS_CONTEXT) instanceof Context context) {
      Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
      return new Invocation(
          context.getAwsRequestId(), Deadline.after(left, clock).earlierBy(ANSWER_RESERVE));
    }
    UUID id = message.getHeaders().getId();
    return new Invocation(
        Objects.requireNonNullElseGet(id, UUID::randomUUID).toString(),
        Deadline.after(DEFAULT_TIME, clock));
  }

  private static String messageOf(Throwable e) {
    return Texts.shorten(String.valueOf(e.getMessage()), MAX_MESSAGE_LENGTH);
  }

  private static <E extends Throwable> E withoutTrace(E exception) {
    exception.setStackTrace(new StackTraceElement[0]);
    return exception;
  }
}
