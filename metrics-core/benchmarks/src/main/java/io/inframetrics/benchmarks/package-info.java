/** JMH benchmarks; {@code README.md} has the commands. */
@NullMarked
package io.inframetrics.benchmarks;

import org.jspecify.annotations.NullMarked;
