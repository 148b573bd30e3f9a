/** {@code inframetrics cost}: the monthly bill of a deployment. */
@NullMarked
package io.inframetrics.cli.cost;

import org.jspecify.annotations.NullMarked;
