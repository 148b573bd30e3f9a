/**
 * The contract of {@link io.inframetrics.collect.MetricCollector} and of each port as an abstract
 * test class to subclass: say how to make yours, and run it with the other tests.
 */
@NullMarked
package io.inframetrics.testkit.contract;

import org.jspecify.annotations.NullMarked;
