package io.inframetrics.workflow.junit;

import io.inframetrics.workflow.execution.Execution;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Loads a state machine for a test class, once. A parameter of a test, or of a method that runs
 * before or after tests, may be the {@link io.inframetrics.workflow.StateMachine}, a new {@link
 * Execution} of it, or the {@link io.inframetrics.workflow.testing.Coverage} of all executions that
 * were given to the class so far.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(StateMachineExtension.class)
public @interface StateMachineTest {

  /** The definition: a resource on the class path, seen from the test class, or else a file. */
  String value();

  /** The value of each {@code ${Name}}, as {@code Name=value}. */
  String[] substitutions() default {};

  /** The least part of the definition that the class must reach, from 0 to 1. */
  double coverage() default 0;
}
