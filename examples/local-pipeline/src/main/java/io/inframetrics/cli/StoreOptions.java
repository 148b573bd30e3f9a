package io.inframetrics.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of every command that stores data. */
final class StoreOptions {

  private static final String DEFAULT_DATA = "inframetrics-data";

  @Option(
      names = "--store",
      paramLabel = "local|aws",
      defaultValue = "local",
      description = {
        "local (the default): stores everything in the data folder",
        "aws: uses the bucket, table and topic that INFRAMETRICS_BUCKET, INFRAMETRICS_TABLE and"
            + " INFRAMETRICS_TOPIC_ARN name, with AWS_REGION, your keys or profile, and"
            + " AWS_ENDPOINT_URL if it is set"
      })
  Kind kind = Kind.local;

  @Option(
      names = "--create",
      description = "with --store aws: creates the bucket and the table if they do not exist")
  boolean create;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = DEFAULT_DATA,
      description = "data folder; the default is ${DEFAULT-VALUE}")
  Path data = Path.of(DEFAULT_DATA);

  enum Kind {
    local,
    aws
  }
}
