/**
 * Evaluates paths, payload templates and intrinsic functions, within limits. Internal: for the
 * other packages of this module only.
 */
@NullMarked
package io.inframetrics.workflow.data;

import org.jspecify.annotations.NullMarked;
