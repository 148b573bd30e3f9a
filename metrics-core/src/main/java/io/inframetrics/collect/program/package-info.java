/**
 * Internal: programs that collectors start, with limits of time and output. Not part of the
 * documented API.
 *
 * @hidden
 */
@NullMarked
package io.inframetrics.collect.program;

import org.jspecify.annotations.NullMarked;
