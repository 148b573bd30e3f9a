/** Checks what a run on AWS needs, and says how to fix what is wrong. */
@NullMarked
package io.inframetrics.cli.doctor;

import org.jspecify.annotations.NullMarked;
