/** Tests of this package. */
@NullMarked
package io.inframetrics.workflow.testing;

import org.jspecify.annotations.NullMarked;
