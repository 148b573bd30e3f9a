/** Tests of the workflow runner. */
@NullMarked
package io.inframetrics.workflow;

import org.jspecify.annotations.NullMarked;
