/**
 * Recorded series, read from the files that people have: CSV of our own form, of Grafana and of the
 * CloudWatch console, and JSON of the AWS CLI. {@link io.inframetrics.cli.series.RecordedSeries}
 * recognizes the form. What cannot be read is a {@link io.inframetrics.cli.input.UsageException}
 * with one sentence: which file and line, what was found, and what to change in the export.
 */
@NullMarked
package io.inframetrics.cli.series;

import org.jspecify.annotations.NullMarked;
