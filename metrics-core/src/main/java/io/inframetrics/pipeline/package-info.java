/**
 * The use cases, one verb each, in plain Java: {@link io.inframetrics.pipeline.CollectMetrics},
 * {@link io.inframetrics.pipeline.ProcessRawMetrics}, {@link
 * io.inframetrics.pipeline.CheckPipelineHealth}, {@link io.inframetrics.pipeline.AnalyzeMetrics},
 * {@link io.inframetrics.pipeline.ReplayQuarantine}.
 */
@NullMarked
package io.inframetrics.pipeline;

import org.jspecify.annotations.NullMarked;
