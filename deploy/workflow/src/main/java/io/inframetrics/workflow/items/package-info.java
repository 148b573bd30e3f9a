/**
 * What a distributed Map reads and writes: its items, in all formats, its batches and its results,
 * in an {@link io.inframetrics.workflow.items.ObjectStore}.
 */
@NullMarked
package io.inframetrics.workflow.items;

import org.jspecify.annotations.NullMarked;
