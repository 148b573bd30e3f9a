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
        "local (the default): everything in the data folder",
        "aws: the bucket, table and topic of INFRAMETRICS_BUCKET, INFRAMETRICS_TABLE and"
            + " INFRAMETRICS_TOPIC_ARN, by AWS_REGION, your keys or profile, and AWS_ENDPOINT_URL"
      })
  Kind kind = Kind.local;

  @Option(
      names = "--create",
      description = "with --store aws: makes the bucket and the table that are not there")
  boolean create;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = DEFAULT_DATA,
      description = "the data folder, ${DEFAULT-VALUE} by default")
  Path data = Path.of(DEFAULT_DATA);

  enum Kind {
    local,
    aws
  }
}
