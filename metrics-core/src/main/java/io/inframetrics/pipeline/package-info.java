/**
 * The two exceptions by which every layer says whether another try can help: {@link
 * io.inframetrics.pipeline.InvalidRequestException} (never) and {@link
 * io.inframetrics.pipeline.RetryableFailureException} (later). Their names are a contract with the
 * state machine, which retries by class name.
 *
 * <p>The verbs themselves are in the artifact {@code inframetrics-pipeline}, in the packages {@code
 * collect}, {@code process}, {@code health} and {@code analysis} below this one.
 */
@NullMarked
package io.inframetrics.pipeline;

import org.jspecify.annotations.NullMarked;
