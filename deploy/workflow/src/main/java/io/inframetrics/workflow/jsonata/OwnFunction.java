package io.inframetrics.workflow.jsonata;

import com.dashjoin.jsonata.Jsonata.JFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function of this module, which the library calls like one of its own. */
final class OwnFunction extends JFunction {

  /** What the function does; missing arguments are null. */
  interface Body {
    @Nullable Object apply(Arguments arguments) throws Throwable;
  }

  /** The arguments, as the signature has them. */
  record Arguments(List<?> values) {
    @Nullable Object get(int index) {
      return index < values.size() ? values.get(index) : null;
    }

    @Nullable String text(int index) {
      return (String) get(index);
    }

    @Nullable Number number(int index) {
      return (Number) get(index);
    }

    @Nullable List<?> list(int index) {
      return (List<?>) get(index);
    }
  }

  private final String name;
  private final Class<?>[] types;
  private final Body body;

  /**
   * Defines a function.
   *
   * @param signature as the library writes it
   * @param types of arguments that need no look at the signature
   */
  OwnFunction(String name, String signature, Body body, Class<?>... types) {
    // The library asks for a method, but overriding call() makes it one that is never called.
    super(name, signature, OwnFunction.class, null, "call");
    this.name = name;
    this.types = types;
    this.body = body;
  }

  String name() {
    return name;
  }

  @Override
  public Object validate(Object arguments, @Nullable Object context) {
    return arguments instanceof List<?> list && fits(list)
        ? arguments
        : super.validate(arguments, context);
  }

  private boolean fits(List<?> arguments) {
    if (arguments.size() != types.length) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      if (!types[i].isInstance(arguments.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  @SuppressWarnings("rawtypes")
  public @Nullable Object call(@Nullable Object input, List arguments) {
    try {
      return body.apply(new Arguments((List<?>) arguments));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int getNumberOfArgs() {
    return types.length;
  }
}
