package io.inframetrics.functions;

import io.inframetrics.functions.payload.Payloads;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.util.MimeTypeUtils;
import tools.jackson.core.JacksonException;

/**
 * Converts payloads, and says what is wrong with one that does not fit. The catalog's own converter
 * would pass on its raw bytes, which ends in a ClassCastException.
 */
final class PayloadConverter extends AbstractMessageConverter {

  PayloadConverter() {
    super(MimeTypeUtils.APPLICATION_JSON);
  }

  @Override
  protected boolean supports(Class<?> type) {
    return type.getPackage() == Payloads.class.getPackage();
  }

  @Override
  protected Object convertFromInternal(
      Message<?> message, Class<?> targetClass, @Nullable Object conversionHint) {
    Object payload = message.getPayload();
    if (payload instanceof byte[] json) {
      return Payloads.read(json, targetClass);
    }
    if (payload instanceof String json) {
      return Payloads.read(json.getBytes(StandardCharsets.UTF_8), targetClass);
    }
    try {
      return Payloads.JSON.convertValue(payload, targetClass);
    } catch (JacksonException e) {
      throw Payloads.refused(e);
    }
  }

  @Override
  protected Object convertToInternal(
      Object payload, @Nullable MessageHeaders headers, @Nullable Object conversionHint) {
    return Payloads.JSON.writeValueAsBytes(payload);
  }
}
