package io.inframetrics.functions.lambda;

import io.inframetrics.functions.FunctionCatalogBeans;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;

/**
 * Takes away from Spring Boot what {@link LambdaApplication} does not use: the banner, the logging
 * system, configuration files, the shutdown hook, and Spring Cloud Function's own initializer of
 * the catalog. {@code FunctionInvoker} makes the application by itself and offers no place for
 * this; run listeners, named in {@code META-INF/spring.factories}, are the first that Spring Boot
 * asks. Any other application is left alone.
 */
final class LeanStart implements SpringApplicationRunListener {

  /** Called by Spring Boot before anything happens. */
  LeanStart(SpringApplication application, String[] arguments) {
    if (!application.getAllSources().contains(LambdaApplication.class)) {
      return;
    }
    application.setListeners(List.of());
    application.setInitializers(List.of(new FunctionCatalogBeans()));
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false);
    application.setAddConversionService(false);
  }
}
