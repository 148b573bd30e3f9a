/**
 * An in-memory implementation of every port, with planned failures: {@link
 * io.inframetrics.testkit.memory.InMemoryStores} holds one of each, {@link
 * io.inframetrics.testkit.memory.Faults} makes an operation fail.
 */
@NullMarked
package io.inframetrics.testkit.memory;

import org.jspecify.annotations.NullMarked;
