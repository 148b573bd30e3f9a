/** Series that stopped reporting: {@link io.inframetrics.detect.stale.StaleSeries}. */
@NullMarked
package io.inframetrics.detect.stale;

import org.jspecify.annotations.NullMarked;
