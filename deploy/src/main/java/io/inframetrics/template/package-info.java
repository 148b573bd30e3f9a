/**
 * Reads a CloudFormation template with its short tags ({@code !Ref}, {@code !Sub}, ...) and
 * evaluates it for given parameters:
 *
 * <pre>{@code
 * Template template = Template.load(java.nio.file.Path.of("deploy/template.yaml"));
 * Stack stack = template.with(Map.of("ScheduleRate", "1-hour"));
 * stack.resource("CollectFunction").at("/Environment/Variables/INFRAMETRICS_PERIOD"); // "PT1H"
 * stack.ofType("AWS::CloudWatch::Alarm").size();                                      // 10
 * }</pre>
 *
 * <p>Values known only after deployment are {@code ${LogicalId}} or {@code ${LogicalId.Attribute}}.
 */
@NullMarked
package io.inframetrics.template;

import org.jspecify.annotations.NullMarked;
