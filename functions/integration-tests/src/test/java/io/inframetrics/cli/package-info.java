/**
 * The command line with {@code --store aws}, over servers that stand in for AWS. Tested here and
 * not beside the command line, whose class path must stay free of what those servers bring.
 */
package io.inframetrics.cli;
