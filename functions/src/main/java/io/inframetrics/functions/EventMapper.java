package io.inframetrics.functions;

import io.inframetrics.functions.payload.Payloads;
import java.lang.reflect.Type;
import org.springframework.cloud.function.json.JacksonMapper;

/**
 * The mapper of the catalog, with which {@code FunctionInvoker} looks into an event before the
 * catalog converts it. Spring's own speaks of a bug in itself for what cannot be parsed, and takes
 * an array for a stream of events, none of which is answered with "OK"; this one refuses both, as
 * {@link PayloadConverter} does.
 */
final class EventMapper extends JacksonMapper {

  EventMapper() {
    super(Payloads.JSON);
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // As Spring declares it.
  protected <T> T doFromJson(Object json, Type type) {
    return type == Object.class && json instanceof byte[] event
        ? (T) Payloads.read(event, Object.class)
        : super.doFromJson(json, type);
  }
}
