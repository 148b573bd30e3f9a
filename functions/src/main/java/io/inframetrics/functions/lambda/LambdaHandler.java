package io.inframetrics.functions.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.inframetrics.functions.FunctionsContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The Lambda handler: passes the event unchanged, through the function catalog, to the bean that
 * {@code SPRING_CLOUD_FUNCTION_DEFINITION} names ({@link io.inframetrics.functions.VerbBeans}). It
 * starts faster than {@code FunctionInvoker}, which starts all of Spring Boot around the same beans
 * and checks whether every event is an HTTP request.
 *
 * <p>Exceptions keep their own names, which the state machine matches.
 */
public final class LambdaHandler implements RequestStreamHandler {

  private final FunctionsContext functions;
  private final String function;

  /**
   * Starts the beans that the environment describes. Called by Lambda.
   *
   * @throws IllegalArgumentException with every mistake in the environment
   */
  public LambdaHandler() {
    LambdaFunctionSetup installation = LambdaFunctionSetup.ofThisProcess();
    this.function = installation.function();
    this.functions = FunctionsContext.start(installation.beans());
    installation.prepareCheckpoint();
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    answer.write(functions.call(function, event.readAllBytes(), context));
  }
}
