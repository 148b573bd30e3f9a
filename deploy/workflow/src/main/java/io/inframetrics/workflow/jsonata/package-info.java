/**
 * JSONata expressions, as Step Functions evaluates them: com.dashjoin:jsonata with the functions,
 * bounds and error texts of Step Functions around it. Internal: for the other packages of this
 * module only.
 */
@NullMarked
package io.inframetrics.workflow.jsonata;

import org.jspecify.annotations.NullMarked;
