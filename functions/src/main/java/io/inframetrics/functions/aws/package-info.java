/**
 * The stores on AWS as one {@link io.inframetrics.sink.Stores}: clients, names of bucket and table,
 * and threads. The Lambda functions and the command line build them here.
 */
@NullMarked
package io.inframetrics.functions.aws;

import org.jspecify.annotations.NullMarked;
