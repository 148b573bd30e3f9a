/**
 * When a series reaches its capacity: {@link io.inframetrics.detect.forecast.ForecastDetector}.
 * Clean-ups, weekly cycles and noise are told from growth before anything is forecast.
 */
@NullMarked
package io.inframetrics.detect.forecast;

import org.jspecify.annotations.NullMarked;
