/** {@code inframetrics backtest}: recorded series through the anomaly detector. */
@NullMarked
package io.inframetrics.cli.backtest;

import org.jspecify.annotations.NullMarked;
