/**
 * What a test of metrics code needs, published once.
 *
 * <p><b>Fakes.</b> {@link io.inframetrics.testkit.memory.InMemoryStores} holds an in-memory
 * implementation of every port. Wire the code under test to it, make an operation fail, and look at
 * what is stored:
 *
 * <pre>{@code
 * InMemoryStores stores = new InMemoryStores();
 * stores.faults().failNext(1, Operation.RECORDS_WRITE);
 * assertThatThrownBy(() -> pipelineOn(stores).run()).isInstanceOf(RetryableFailureException.class);
 * assertThat(stores.rawMetrics().keys()).hasSize(1);
 * }</pre>
 *
 * <p><b>Time and data.</b> {@link io.inframetrics.testkit.ManualClock} stands still until it is
 * told to move, {@link io.inframetrics.testkit.Deadlines} makes deadlines, {@link
 * io.inframetrics.testkit.SampleMetrics} has a run and metrics of every kind, awkward ones among
 * them.
 *
 * <p><b>Contracts.</b> One abstract test class for {@link io.inframetrics.collect.MetricCollector}
 * and for each port. Subclass it, say how to make yours, and run it with the other tests:
 *
 * <pre>{@code
 * class QueueDepthCollectorTest extends MetricCollectorContract {
 *   protected MetricCollector collector() {
 *     return new QueueDepthCollector(queuesWith(3));
 *   }
 * }
 * }</pre>
 *
 * <p>JUnit Jupiter and AssertJ come with this module; use it in test scope.
 */
@NullMarked
package io.inframetrics.testkit;

import org.jspecify.annotations.NullMarked;
