/**
 * The report of a run as one HTML page: {@link io.inframetrics.page.ReportPage} makes it of the
 * documents that the run left.
 */
@NullMarked
package io.inframetrics.page;

import org.jspecify.annotations.NullMarked;
