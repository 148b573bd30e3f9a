/** Tests of the workflow runner and of the pipeline's definition. */
@NullMarked
package io.inframetrics.workflow;

import org.jspecify.annotations.NullMarked;
