/**
 * The Lambda handlers: Spring Cloud Function beans {@code collect}, {@code process}, {@code
 * healthCheck} and {@code analyze}. A bean translates a JSON payload into a call of one verb of
 * {@link io.inframetrics.pipeline} and back; it decides nothing.
 *
 * <p>{@link io.inframetrics.functions.VerbBeans} registers them over any {@link
 * io.inframetrics.sink.Stores}; {@link io.inframetrics.functions.FunctionsContext} starts them
 * without a server.
 *
 * <p>JSON names are written out on every record. None may be {@code payload}, {@code headers},
 * {@code body} or {@code httpMethod}: the adapter would take the event for an HTTP request.
 */
@NullMarked
package io.inframetrics.functions;

import org.jspecify.annotations.NullMarked;
