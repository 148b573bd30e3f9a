/**
 * The verb that collects: {@link io.inframetrics.pipeline.collect.CollectMetrics} runs the
 * collectors of a type for a window and writes raw file, records and data points, in this order.
 * {@link io.inframetrics.pipeline.collect.CollectionResult} says what became of it, to the workflow
 * and to the verbs that follow.
 */
@NullMarked
package io.inframetrics.pipeline.collect;

import org.jspecify.annotations.NullMarked;
