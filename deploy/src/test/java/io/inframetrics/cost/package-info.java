/** Tests of the bill. */
@org.jspecify.annotations.NullMarked
package io.inframetrics.cost;
