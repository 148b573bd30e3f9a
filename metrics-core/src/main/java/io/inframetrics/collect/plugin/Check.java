package io.inframetrics.collect.plugin;

/**
 * A plugin with its arguments.
 *
 * @param name in series and rules
 * @param command a line for the shell
 */
record Check(String name, String command) {}
