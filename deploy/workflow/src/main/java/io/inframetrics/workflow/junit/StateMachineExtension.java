package io.inframetrics.workflow.junit;

import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.Execution;
import io.inframetrics.workflow.testing.Coverage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Does what {@link StateMachineTest} says. */
final class StateMachineExtension
    implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(StateMachineExtension.class);
  private static final Set<Class<?>> TYPES =
      Set.of(StateMachine.class, Execution.class, Coverage.class);

  /** What all tests of a class share, those of its nested classes included. */
  private record Loaded(Class<?> owner, StateMachine machine, Coverage coverage, double least) {}

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    if (context.getStore(NAMESPACE).get(StateMachineTest.class) != null) {
      return;
    }
    Class<?> test = context.getRequiredTestClass();
    StateMachineTest wanted = annotation(test);
    StateMachine machine =
        StateMachine.parse(text(test, wanted.value()), substitutions(wanted.substitutions()));
    context
        .getStore(NAMESPACE)
        .put(
            StateMachineTest.class,
            new Loaded(test, machine, new Coverage(machine.definition()), wanted.coverage()));
  }

  /** The annotation of the class or, for a nested class, of the one around it. */
  private static StateMachineTest annotation(Class<?> test) {
    Class<?> at = test;
    while (at != null) {
      StateMachineTest found = at.getAnnotation(StateMachineTest.class);
      if (found != null) {
        return found;
      }
      at = at.getEnclosingClass();
    }
    throw new ExtensionConfigurationException(test.getName() + " needs @StateMachineTest");
  }

  private static String text(Class<?> test, String name) throws IOException {
    try (InputStream resource = test.getResourceAsStream(name)) {
      if (resource != null) {
        return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    Path file = Path.of(name);
    if (!Files.isRegularFile(file)) {
      throw new ExtensionConfigurationException(
          "'"
              + name
              + "' is neither a resource seen from "
              + test.getName()
              + " nor the file "
              + file.toAbsolutePath());
    }
    return Files.readString(file);
  }

  private static Map<String, String> substitutions(String[] pairs) {
    Map<String, String> substitutions = new HashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new ExtensionConfigurationException("'" + pair + "' is not Name=value");
      }
      substitutions.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return substitutions;
  }

  private static Loaded loaded(ExtensionContext context) {
    Loaded loaded = context.getStore(NAMESPACE).get(StateMachineTest.class, Loaded.class);
    if (loaded == null) {
      throw new ExtensionConfigurationException("@StateMachineTest belongs on the test class");
    }
    return loaded;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Loaded loaded = loaded(context);
    Class<?> type = parameter.getParameter().getType();
    if (type == Execution.class) {
      return loaded.machine().execution().observer(loaded.coverage()::add);
    }
    return type == Coverage.class ? loaded.coverage() : loaded.machine();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Loaded loaded = loaded(context);
    if (loaded.owner() != context.getRequiredTestClass()) {
      return;
    }
    context.publishReportEntry("state machine coverage", loaded.coverage().report());
    if (loaded.coverage().ratio() < loaded.least()) {
      throw new AssertionError(
          "the tests of this class reach less than %s of the definition: %s"
              .formatted(loaded.least(), loaded.coverage().report()));
    }
  }
}
