/** What a monitor needs around its runs: when they start, how they are shown and recorded. */
@NullMarked
package io.inframetrics.cli.monitor;

import org.jspecify.annotations.NullMarked;
