/** What things cost, measured by JMH. {@code README.md} has the commands. */
@NullMarked
package io.inframetrics.benchmarks;

import org.jspecify.annotations.NullMarked;
