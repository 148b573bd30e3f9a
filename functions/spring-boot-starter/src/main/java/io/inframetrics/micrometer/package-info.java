/**
 * A collector over a Micrometer registry. It needs no Spring: give {@link
 * io.inframetrics.micrometer.MicrometerCollector} a registry and what to read.
 */
@NullMarked
package io.inframetrics.micrometer;

import org.jspecify.annotations.NullMarked;
