/**
 * The past of this machine, from the day files that <a
 * href="https://sysstat.github.io/">sysstat</a> keeps for weeks, read through its program {@code
 * sadf}. {@link io.inframetrics.collect.sysstat.SysstatCollectorFactory} makes the collectors from
 * settings, as the source {@code sysstat}.
 *
 * <p>Instance ids, dimensions and units are those of the source {@code host}, so the series are the
 * same. What is read, in which unit, and what differs from other tools is in the README of this
 * package.
 */
@NullMarked
package io.inframetrics.collect.sysstat;

import org.jspecify.annotations.NullMarked;
