/** The conditions of a Choice state. Internal: for the other packages of this module only. */
@NullMarked
package io.inframetrics.workflow.choice;

import org.jspecify.annotations.NullMarked;
