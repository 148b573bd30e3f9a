package io.inframetrics.functions;

import java.util.ArrayList;
import java.util.List;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.cloud.function.context.FunctionRegistration;
import org.springframework.cloud.function.context.catalog.SimpleFunctionRegistry;
import org.springframework.cloud.function.context.config.JsonMessageConverter;
import org.springframework.cloud.function.context.config.SmartCompositeMessageConverter;
import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;

/**
 * Registers the function catalog over all function registrations and message converters of a
 * context. Spring Cloud Function's own initializer also sets up what these beans do not use:
 * annotation processors, property binding, a router, and a second JSON mapper with every module on
 * the class path. That takes longer at the start than all the rest of Spring.
 */
public final class FunctionCatalogBeans
    implements ApplicationContextInitializer<GenericApplicationContext> {

  @Override
  public void initialize(GenericApplicationContext context) {
    context.registerBean(JsonMapper.class, CatalogJsonMapper::new);
    context.registerBean(FunctionCatalog.class, () -> catalog(context));
  }

  private static FunctionCatalog catalog(GenericApplicationContext context) {
    JsonMapper mapper = context.getBean(JsonMapper.class);
    List<MessageConverter> converters =
        new ArrayList<>(context.getBeansOfType(MessageConverter.class).values());
    converters.add(new JsonMessageConverter(mapper));
    converters.add(new ByteArrayMessageConverter());
    converters.add(new StringMessageConverter());
    SimpleFunctionRegistry catalog =
        new SimpleFunctionRegistry(
            new GenericConversionService(), new SmartCompositeMessageConverter(converters), mapper);
    for (FunctionRegistration<?> each :
        context.getBeansOfType(FunctionRegistration.class).values()) {
      catalog.register(each);
    }
    return catalog;
  }
}
