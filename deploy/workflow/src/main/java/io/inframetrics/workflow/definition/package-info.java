/**
 * How a definition is read: its JSON, the substitutions, and every problem at its place. Users need
 * {@link io.inframetrics.workflow.definition.DefinitionException} and {@link
 * io.inframetrics.workflow.definition.Problem}; the other types are internal.
 */
@NullMarked
package io.inframetrics.workflow.definition;

import org.jspecify.annotations.NullMarked;
