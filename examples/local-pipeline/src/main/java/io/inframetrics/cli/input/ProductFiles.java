package io.inframetrics.cli.input;

import java.nio.file.Path;

/** Files of the product that commands read, relative to its home. */
public final class ProductFiles {

  /** The folder that has {@code deploy/}; the launcher says where. */
  public static final Path HOME = Path.of(System.getProperty("inframetrics.home", "."));

  /** The state machine's definition, below the home. */
  public static final Path DEFINITION = Path.of("deploy", "statemachine", "pipeline.asl.json");

  /** The deployment's template, below the home. */
  public static final Path TEMPLATE = Path.of("deploy", "template.yaml");

  private ProductFiles() {}
}
