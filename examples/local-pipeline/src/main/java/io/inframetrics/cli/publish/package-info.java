/** {@code --publish}: where a run sends its data points. */
@NullMarked
package io.inframetrics.cli.publish;

import org.jspecify.annotations.NullMarked;
