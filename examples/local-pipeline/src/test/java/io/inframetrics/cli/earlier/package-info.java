/** Side by side with an earlier version: what it stored stays readable, and reading costs less. */
@NullMarked
package io.inframetrics.cli.earlier;

import org.jspecify.annotations.NullMarked;
