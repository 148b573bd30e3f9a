package io.inframetrics.cli;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import io.inframetrics.testkit.aws.EmbeddedS3;
import io.inframetrics.testkit.aws.RecordingServer;
import io.inframetrics.workflow.execution.WorkflowClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Servers that stand in for an account, and commands that use it. Their time is the machine's, if
 * no other is given.
 */
final class StandInAccount implements AutoCloseable {

  static final Path REPOSITORY = VirtualContext.REPOSITORY;
  static final String TOPIC = "arn:aws:sns:eu-west-1:000000000000:inframetrics";

  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.shared();
  private final RecordingServer others;
  private final AwsClients clients = AwsClients.fromEnvironment(s3.environment());
  private final S3Client objects = S3Stores.client(clients);

  StandInAccount() {
    this(Clock.systemUTC());
  }

  /** An account that takes metrics of the time of a clock. */
  StandInAccount(Clock clock) {
    others = RecordingServer.start(clock);
  }

  /** The variables of an installation in this account. */
  Map<String, String> environment(String bucket, String table) {
    Map<String, String> environment = new HashMap<>();
    environment.putAll(others.environment());
    environment.putAll(dynamoDb.environment());
    environment.putAll(s3.environment());
    environment.put("INFRAMETRICS_BUCKET", bucket);
    environment.put("INFRAMETRICS_TABLE", table);
    return environment;
  }

  String newBucket() {
    return s3.newBucket();
  }

  String newTableName() {
    return dynamoDb.newTableName();
  }

  RecordingServer others() {
    return others;
  }

  /** The keys under a prefix, sorted; fails if there is no such bucket. */
  List<String> keys(String bucket, String prefix) {
    return objects
        .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
        .contents()
        .stream()
        .map(S3Object::key)
        .toList();
  }

  String read(String bucket, String key) {
    try (InputStream in = objects.getObject(get -> get.bucket(bucket).key(key))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + key, e);
    }
  }

  void put(String bucket, String key, String text) {
    objects.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(text));
  }

  /** A command that has ended. */
  record Executed(int exitCode, String out, String err) {}

  /** Carries out a command in this process; the state machine's waits take no time. */
  static Executed execute(Map<String, String> environment, Object... arguments) {
    return execute(new Context(environment), arguments);
  }

  /** The same with other collectors, by the name of the machine. */
  static Executed execute(
      Map<String, String> environment,
      @Nullable Function<@Nullable String, SourceCollectors> collectors,
      Object... arguments) {
    return execute(
        new Context(environment) {
          @Override
          public SourceCollectors collectors(
              CommandSettings settings, ClassLoader classLoader, @Nullable String instance) {
            return collectors == null
                ? super.collectors(settings, classLoader, instance)
                : collectors.apply(instance);
          }
        },
        arguments);
  }

  /** What commands have around them that are carried out in this process. */
  static class Context implements CommandContext {

    private final Map<String, String> environment;

    Context(Map<String, String> environment) {
      this.environment = environment;
    }

    @Override
    public Path home() {
      return REPOSITORY;
    }

    @Override
    public Map<String, String> environment() {
      return environment;
    }

    @Override
    public WorkflowClock workflowClock() {
      return WorkflowClock.virtual();
    }
  }

  /** The same with other things around it. */
  static Executed execute(CommandContext around, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Main.commandLine(stream(out), stream(err), around)
            .execute(Stream.of(arguments).map(String::valueOf).toArray(String[]::new));
    return new Executed(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    clients.close();
    s3.close();
    others.close();
  }
}
