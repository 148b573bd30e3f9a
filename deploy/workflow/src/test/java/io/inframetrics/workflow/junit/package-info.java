/** Tests of this package. */
@NullMarked
package io.inframetrics.workflow.junit;

import org.jspecify.annotations.NullMarked;
