/**
 * The functions as Lambda runs them: {@link io.inframetrics.functions.lambda.LambdaHandler} is the
 * handler, {@link io.inframetrics.functions.lambda.LambdaApplication} the main class for Spring
 * Cloud Function's own {@code FunctionInvoker}; both start the same beans from the same environment
 * variables.
 */
@NullMarked
package io.inframetrics.functions.lambda;

import org.jspecify.annotations.NullMarked;
