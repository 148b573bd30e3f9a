/** A team's own metric type: the project of its collector, and the deployment that has the type. */
@NullMarked
package io.inframetrics.cli.project;

import org.jspecify.annotations.NullMarked;
