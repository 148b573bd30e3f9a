/** CloudWatch's metrics to read: what is stored, and the two operations that read it. */
@NullMarked
package io.inframetrics.testkit.aws.cloudwatch;

import org.jspecify.annotations.NullMarked;
