/**
 * The verb that checks a run: {@link io.inframetrics.pipeline.health.CheckPipelineHealth} compares
 * what was collected with what was processed, and says what is missing.
 */
@NullMarked
package io.inframetrics.pipeline.health;

import org.jspecify.annotations.NullMarked;
