/** The immutable values. */
@NullMarked
package io.inframetrics.metric;

import org.jspecify.annotations.NullMarked;
