/**
 * What a state does with JSON: paths, payload templates, intrinsic functions, and the limits and
 * errors of evaluating them. Internal: for the other packages of this module only.
 */
@NullMarked
package io.inframetrics.workflow.data;

import org.jspecify.annotations.NullMarked;
