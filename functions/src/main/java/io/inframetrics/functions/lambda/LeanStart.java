package io.inframetrics.functions.lambda;

import io.inframetrics.functions.FunctionCatalogBeans;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;

/**
 * Turns off what {@link LambdaApplication} does not use of Spring Boot: the banner, the logging
 * system, configuration files, the shutdown hook, and Spring Cloud Function's own initializer of
 * the catalog. {@code FunctionInvoker} creates the application itself and offers no place for this;
 * run listeners, named in {@code META-INF/spring.factories}, are the first that Spring Boot calls.
 * Other applications are left alone.
 */
final class LeanStart implements SpringApplicationRunListener {

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
