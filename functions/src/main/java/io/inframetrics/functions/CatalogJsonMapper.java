package io.inframetrics.functions;

import io.inframetrics.functions.payload.Payloads;
import java.lang.reflect.Type;
import org.springframework.cloud.function.json.JacksonMapper;

/**
 * The catalog's mapper, through which {@code FunctionInvoker} inspects an event before the catalog
 * converts it. It rejects what {@link PayloadConverter} rejects: Spring's own mapper reports a bug
 * in itself for an event that it cannot parse, and treats an array as a stream of events, so that
 * an empty one is answered with "OK".
 */
final class CatalogJsonMapper extends JacksonMapper {

  CatalogJsonMapper() {
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
