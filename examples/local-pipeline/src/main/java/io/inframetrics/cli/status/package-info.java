/** What is known of the last run and of open findings, for people and for monitors. */
@NullMarked
package io.inframetrics.cli.status;

import org.jspecify.annotations.NullMarked;
