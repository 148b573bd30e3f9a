package io.inframetrics.metric;

/**
 * One value of a series that the context names.
 *
 * @param epochSecond seconds since 1970-01-01T00:00Z
 * @param value finite
 */
public record Point(long epochSecond, double value) {}
