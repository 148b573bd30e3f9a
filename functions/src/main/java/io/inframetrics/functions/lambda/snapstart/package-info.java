/**
 * Gets a function ready before Lambda takes its snapshot: it is called once with canned answers in
 * place of AWS, so that classes are loaded and compiled before the first real invocation.
 *
 * <p>Internal: nothing here is part of the documented API.
 */
@NullMarked
package io.inframetrics.functions.lambda.snapstart;

import org.jspecify.annotations.NullMarked;
