/** For tests of state machines: assertions, and task results written down beforehand. */
@NullMarked
package io.inframetrics.workflow.testing;

import org.jspecify.annotations.NullMarked;
