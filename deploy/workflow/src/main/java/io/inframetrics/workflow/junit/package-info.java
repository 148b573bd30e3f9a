/**
 * Tests state machines with JUnit Jupiter, which whoever uses this package must have on the class
 * path: nothing else in this module needs it.
 */
@NullMarked
package io.inframetrics.workflow.junit;

import org.jspecify.annotations.NullMarked;
