/** For tests of state machines: assertions and scripted task results. */
@NullMarked
package io.inframetrics.workflow.testing;

import org.jspecify.annotations.NullMarked;
