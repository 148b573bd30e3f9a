/** A run's report as a page: in a file, in the browser, and served to this machine. */
@NullMarked
package io.inframetrics.cli.page;

import org.jspecify.annotations.NullMarked;
