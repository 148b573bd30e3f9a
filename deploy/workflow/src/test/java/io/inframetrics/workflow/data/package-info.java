/** Tests of this package. */
@NullMarked
package io.inframetrics.workflow.data;

import org.jspecify.annotations.NullMarked;
