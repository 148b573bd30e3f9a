package io.inframetrics.functions.lambda;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The {@code MAIN_CLASS} for Spring Cloud Function's own handler, {@code
 * org.springframework.cloud.function.adapter.aws.FunctionInvoker}: registers the same beans from
 * the same environment as {@link LambdaHandler}.
 */
@SpringBootConfiguration
public class LambdaApplication implements ApplicationContextInitializer<GenericApplicationContext> {

  /** Throws {@link IllegalArgumentException} with every mistake in the environment. */
  @Override
  public void initialize(GenericApplicationContext context) {
    LambdaFunctionSetup installation = LambdaFunctionSetup.ofThisProcess();
    installation.beans().initialize(context);
    installation.prepareCheckpoint();
  }
}
