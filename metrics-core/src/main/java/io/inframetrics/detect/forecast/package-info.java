/**
 * When a series reaches its capacity: {@link io.inframetrics.detect.forecast.ForecastDetector}.
 * Clean-ups, weekly cycles and noise are separated from growth before anything is forecast.
 */
@NullMarked
package io.inframetrics.detect.forecast;

import org.jspecify.annotations.NullMarked;
