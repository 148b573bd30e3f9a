/** Tests of this package. */
@NullMarked
package io.inframetrics.workflow.items;

import org.jspecify.annotations.NullMarked;
