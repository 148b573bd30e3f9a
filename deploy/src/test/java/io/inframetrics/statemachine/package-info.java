/** Tests of the pipeline's definition, and a benchmark that runs it. */
@NullMarked
package io.inframetrics.statemachine;

import org.jspecify.annotations.NullMarked;
