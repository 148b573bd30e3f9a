/**
 * The two exceptions with which every layer says whether a retry can help: {@link
 * io.inframetrics.pipeline.InvalidRequestException} (never) and {@link
 * io.inframetrics.pipeline.RetryableFailureException} (later). The state machine matches their
 * class names, so they must not change.
 *
 * <p>The pipeline itself is in the artifact {@code inframetrics-pipeline}, in the packages {@code
 * collect}, {@code process}, {@code health} and {@code analysis} below this one.
 */
@NullMarked
package io.inframetrics.pipeline;

import org.jspecify.annotations.NullMarked;
