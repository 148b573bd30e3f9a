/**
 * The same functions without Spring, as one would write them by hand: what ours are compared with.
 */
@NullMarked
package io.inframetrics.benchmark.plain;

import org.jspecify.annotations.NullMarked;
