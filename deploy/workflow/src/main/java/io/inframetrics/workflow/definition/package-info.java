/**
 * Reads a definition: its JSON, the substitutions, and all problems with their pointers. Users need
 * {@link io.inframetrics.workflow.definition.DefinitionException} and {@link
 * io.inframetrics.workflow.definition.Problem}; the other types are internal.
 */
@NullMarked
package io.inframetrics.workflow.definition;

import org.jspecify.annotations.NullMarked;
