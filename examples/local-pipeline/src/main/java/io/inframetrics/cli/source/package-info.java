/** Sources of metrics as the command line sees them: the jars of a folder, and what there is. */
@NullMarked
package io.inframetrics.cli.source;

import org.jspecify.annotations.NullMarked;
