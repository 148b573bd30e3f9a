/**
 * What a Task's Resource may be: the ARN of a Lambda function or of an activity, an optimised
 * integration, or any call of an AWS SDK.
 */
@NullMarked
package io.inframetrics.workflow.resource;

import org.jspecify.annotations.NullMarked;
