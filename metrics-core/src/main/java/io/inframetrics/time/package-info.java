/** How long an invocation may still take. */
@NullMarked
package io.inframetrics.time;

import org.jspecify.annotations.NullMarked;
