/**
 * What plugins of Nagios, Icinga and others find, called check by check. {@link
 * io.inframetrics.collect.plugin.PluginCollectorFactory} makes the collectors from a file of
 * checks, as the source {@code plugin}.
 *
 * <p>What is read, in which unit, and what cannot be compared with other tools is in the README of
 * this package.
 */
@NullMarked
package io.inframetrics.collect.plugin;

import org.jspecify.annotations.NullMarked;
