/**
 * An SLF4J provider for Lambda: one JSON object a line on standard output, with the same names as
 * Lambda's own log lines ({@code timestamp}, {@code level}, {@code message}, {@code AWSRequestId},
 * {@code errorType}, {@code stackTrace}), the entries of the MDC and the key-value pairs of the
 * event.
 *
 * <p>The Lambda zip names it in {@code META-INF/services}; the plain jar does not, so that an
 * application keeps its own. Loggers of {@code io.inframetrics} write from {@code
 * AWS_LAMBDA_LOG_LEVEL} on ({@code INFO} by default), all others from {@code WARN} on: the
 * adapter's own logger would otherwise print every event.
 */
@NullMarked
package io.inframetrics.functions.log;

import org.jspecify.annotations.NullMarked;
