package io.inframetrics.functions;

import io.inframetrics.functions.payload.Payloads;
import java.lang.reflect.Type;
import java.util.Map;
import org.springframework.cloud.function.json.JacksonMapper;

/**
 * The catalog's mapper, through which {@code FunctionInvoker} inspects an event before the catalog
 * converts it. It rejects what {@link PayloadConverter} rejects: Spring's own mapper reports a bug
 * in itself for an event that it cannot parse, and treats an array as a stream of events, so that
 * an empty one is answered with "OK".
 */
final class CatalogJsonMapper extends JacksonMapper {

  private static final String ENVELOPE = "payload";

  CatalogJsonMapper() {
    super(Payloads.JSON);
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // As Spring declares it.
  protected <T> T doFromJson(Object json, Type type) {
    return type == Object.class && json instanceof byte[] event
        ? (T) withoutFalseEnvelope(Payloads.read(event, Object.class))
        : super.doFromJson(json, type);
  }

  /**
   * {@code FunctionInvoker} takes whatever a field {@code payload} holds for the event itself, and
   * fails if that is null. Only an object can be an event; otherwise the field is one more that is
   * not known.
   */
  private static Object withoutFalseEnvelope(Object event) {
    if (event instanceof Map<?, ?> fields && !(fields.get(ENVELOPE) instanceof Map)) {
      fields.remove(ENVELOPE);
    }
    return event;
  }
}
