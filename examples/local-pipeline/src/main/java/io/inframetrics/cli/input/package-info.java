/**
 * Arguments and the files that they name. A mistake is a {@link
 * io.inframetrics.cli.input.UsageException} with one sentence.
 */
@NullMarked
package io.inframetrics.cli.input;

import org.jspecify.annotations.NullMarked;
