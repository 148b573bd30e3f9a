/**
 * A simulated fleet, for tests, demonstrations and measurements. {@link
 * io.inframetrics.collect.synthetic.SyntheticFleet} is a pure function of seed, series and second:
 *
 * <pre>{@code
 * SyntheticFleet fleet =
 *     SyntheticFleet.builder()
 *         .seed(42)
 *         .instances(3)
 *         .incidents(
 *             Incident.parseAll("spike i-00001 cpu_utilization 2026-02-19T11:00:00Z PT30M 40"))
 *         .build();
 *
 * double busy = fleet.value(CPU_UTILIZATION, 1, Instant.parse("2026-02-19T11:10:00Z"));
 * List<MetricCollector> collectors = fleet.collectors();
 * }</pre>
 *
 * <p>A collector pushes the points of a window that are multiples of the fleet's step since the
 * epoch, one series after another, oldest first, and keeps no state, so memory does not grow with
 * the fleet. {@link io.inframetrics.collect.synthetic.SyntheticCollectorFactory} makes them from
 * settings, as the source {@code synthetic}; {@link io.inframetrics.collect.synthetic.Incident}
 * says what may go wrong in the fleet.
 */
@NullMarked
package io.inframetrics.collect.synthetic;

import org.jspecify.annotations.NullMarked;
