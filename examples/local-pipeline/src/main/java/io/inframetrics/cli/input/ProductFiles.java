package io.inframetrics.cli.input;

import java.nio.file.Path;

/** Files of the product that commands read; all but the home are relative to it. */
public final class ProductFiles {

  /** The folder that has {@code deploy/}, as the launcher says; by default the current one. */
  public static final Path HOME = Path.of(System.getProperty("inframetrics.home", "."));

  public static final Path DEFINITION = Path.of("deploy", "statemachine", "pipeline.asl.json");

  /** Collects and processes, and does not analyze. */
  public static final Path COLLECT = DEFINITION.resolveSibling("collect.asl.json");

  /** Analyzes what is stored, and does not collect. */
  public static final Path ANALYZE = DEFINITION.resolveSibling("analyze.asl.json");

  public static final Path TEMPLATE = Path.of("deploy", "template.yaml");

  private ProductFiles() {}
}
