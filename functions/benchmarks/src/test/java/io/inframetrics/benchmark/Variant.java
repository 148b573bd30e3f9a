package io.inframetrics.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A way to write the functions, and a way to start them. */
record Variant(Kind kind, Start start) {

  /** A way to write them. */
  enum Kind {
    /** By hand, without Spring. */
    PLAIN("io.inframetrics.benchmark.plain.PlainHandler"),
    /** The handler of the zip. */
    OURS("io.inframetrics.functions.lambda.LambdaHandler"),
    /** The zip under Spring Cloud Function's own handler. */
    STOCK("org.springframework.cloud.function.adapter.aws.FunctionInvoker");

    private final String handler;

    Kind(String handler) {
      this.handler = handler;
    }

    String handler() {
      return handler;
    }
  }

  /** A way to start them. */
  enum Start {
    /** From the zip's jars. */
    ZIP,
    /** All jars on the class path of the JVM, with a class-data archive. */
    CDS,
    /** The same with an ahead-of-time cache, from JDK 25 on. */
    AOT,
    /** From a snapshot that was not prepared: only what follows the restore is measured. */
    SNAP_UNPRIMED,
    /** From a snapshot that was prepared. */
    SNAP_PRIMED;

    boolean hasCache() {
      return this == CDS || this == AOT;
    }

    boolean isSnapshot() {
      return this == SNAP_UNPRIMED || this == SNAP_PRIMED;
    }
  }

  /** All that a JDK can do, those to be compared in one round beside each other. */
  static List<Variant> all(int jdk, List<Start> starts) {
    List<Variant> all = new ArrayList<>();
    for (Start start : starts) {
      for (Kind kind : Kind.values()) {
        boolean possible =
            switch (start) {
              case ZIP, CDS -> true;
              case AOT -> jdk >= 25;
              case SNAP_UNPRIMED, SNAP_PRIMED -> kind == Kind.OURS || kind == Kind.STOCK;
            };
        if (possible) {
          all.add(new Variant(kind, start));
        }
      }
    }
    return all;
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + start.name().toLowerCase(Locale.ROOT);
  }
}
