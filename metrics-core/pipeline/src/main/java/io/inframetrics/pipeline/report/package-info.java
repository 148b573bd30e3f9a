/**
 * The report of a whole run: {@link io.inframetrics.pipeline.report.ComposeReport} reads what the
 * analyses found, compares it with the run before, and writes what people are notified with.
 */
@NullMarked
package io.inframetrics.pipeline.report;

import org.jspecify.annotations.NullMarked;
