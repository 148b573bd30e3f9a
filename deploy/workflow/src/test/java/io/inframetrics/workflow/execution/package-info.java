/** Tests of this package. */
@NullMarked
package io.inframetrics.workflow.execution;

import org.jspecify.annotations.NullMarked;
