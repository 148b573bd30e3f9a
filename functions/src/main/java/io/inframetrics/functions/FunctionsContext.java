package io.inframetrics.functions;

import com.amazonaws.services.lambda.runtime.Context;
import io.inframetrics.functions.payload.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Runs the beans in a Spring context of their own and calls them by name with JSON, as Lambda does:
 * no server, no scanning, no auto-configuration. Thread-safe.
 */
public final class FunctionsContext implements AutoCloseable {

  private static final String JSON = "application/json";

  private final GenericApplicationContext context;
  private final FunctionCatalog catalog;

  private FunctionsContext(GenericApplicationContext context) {
    this.context = context;
    this.catalog = context.getBean(FunctionCatalog.class);
  }

  public static FunctionsContext start(
      ApplicationContextInitializer<GenericApplicationContext> beans) {
    GenericApplicationContext context = new GenericApplicationContext();
    beans.initialize(context);
    new FunctionCatalogBeans().initialize(context);
    context.refresh();
    return new FunctionsContext(context);
  }

  /**
   * Calls a bean.
   *
   * @param function {@code collect}, {@code process}, {@code healthCheck} or {@code analyze}
   * @param json the request, UTF-8
   * @return the response, UTF-8
   * @throws IllegalArgumentException if there is no such bean
   * @throws io.inframetrics.pipeline.InvalidRequestException if the request is not a JSON object
   * @throws RuntimeException whatever the bean throws
   */
  public byte[] call(String function, byte[] json) {
    return call(function, json, null);
  }

  /** Like {@link #call(String, byte[])}, within a Lambda invocation. */
  public byte[] call(String function, byte[] json, @Nullable Context lambda) {
    Function<Message<byte[]>, Message<byte[]>> bean = catalog.lookup(function, JSON);
    if (bean == null) {
      throw new IllegalArgumentException(
          "there is no function '%s': use one of %s".formatted(function, catalog.getNames(null)));
    }
    // The catalog would treat an array as a stream and call the bean with each element.
    Payloads.requireObject(json);
    MessageBuilder<byte[]> message = MessageBuilder.withPayload(json);
    if (lambda != null) {
      message.setHeader(AWSLambdaUtils.AWS_CONTEXT, lambda);
    }
    return bean.apply(message.build()).getPayload();
  }

  /** Like {@link #call(String, byte[])}, with text. */
  public String call(String function, String json) {
    return new String(
        call(function, json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    context.close();
  }
}
