/** What holds for the source tree as a whole. */
@NullMarked
package io.inframetrics.architecture;

import org.jspecify.annotations.NullMarked;
