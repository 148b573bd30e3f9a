package io.inframetrics.integration.deployed;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import io.inframetrics.testkit.aws.EmbeddedS3;
import io.inframetrics.testkit.aws.LambdaProcess;
import io.inframetrics.testkit.aws.RecordingServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The unpacked zip and, in place of AWS, servers in this process. */
final class DeployedStack implements AutoCloseable {

  static final String HANDLER = "io.inframetrics.functions.lambda.LambdaHandler";
  static final String STOCK_HANDLER =
      "org.springframework.cloud.function.adapter.aws.FunctionInvoker";

  private static final String TABLE = "records";

  /** As with 512 MB of memory; a small young generation touches fewer fresh pages. */
  private static final String[] HEAP = {"-Xmx400m", "-Xmn24m"};

  private final Path work;
  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start();
  private final RecordingServer others = RecordingServer.start(Clock.systemUTC());
  private final String bucket = s3.newBucket();
  private final AwsClients clients = AwsClients.fromEnvironment(servers());
  private final S3Client objects = S3Stores.client(clients);

  DeployedStack(Path work) throws IOException {
    this.work = work;
    unpack(zip(), taskRoot());
    new DynamoDbTable(
            clients.build("dynamodb", DynamoDbClient.builder()),
            new AwsCalls(CallSettings.DEFAULTS, new Random(1), AwsCalls.Sleeper.THREAD))
        .createIfMissing(TABLE, Deadlines.never());
  }

  /** The one zip that the build leaves. */
  static Path zip() throws IOException {
    try (DirectoryStream<Path> zips =
        Files.newDirectoryStream(Path.of("..", "target").toAbsolutePath().normalize(), "*.zip")) {
      Iterator<Path> found = zips.iterator();
      Path zip = found.next();
      if (found.hasNext()) {
        throw new IllegalStateException("a second zip: " + found.next());
      }
      return zip;
    }
  }

  /** Where the zip is unpacked. */
  Path taskRoot() {
    return work.resolve("task");
  }

  static void unpack(Path zip, Path folder) throws IOException {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = folder.resolve(entry.getName());
        if (!entry.isDirectory()) {
          Files.createDirectories(file.getParent());
          Files.copy(in, file);
        }
      }
    }
  }

  /** A function as the template would configure it. */
  LambdaProcess.Builder function(String name) {
    return function(name, taskRoot(), HANDLER);
  }

  LambdaProcess.Builder function(String name, Path root, String handler) {
    Map<String, String> environment = new HashMap<>(servers());
    environment.put("SPRING_CLOUD_FUNCTION_DEFINITION", name);
    environment.put("MAIN_CLASS", "io.inframetrics.functions.lambda.LambdaApplication");
    environment.put("INFRAMETRICS_BUCKET", bucket);
    environment.put("INFRAMETRICS_TABLE", TABLE);
    environment.put("INFRAMETRICS_STACK", "under-test");
    environment.put("INFRAMETRICS_SOURCE", "synthetic");
    return LambdaProcess.of(root, work, handler).environment(environment).flags(HEAP);
  }

  /** What leads a client to the servers. */
  Map<String, String> servers() {
    Map<String, String> environment = new HashMap<>();
    environment.putAll(others.environment());
    environment.putAll(dynamoDb.environment());
    environment.putAll(s3.environment());
    return environment;
  }

  RecordingServer others() {
    return others;
  }

  void put(String key, String text) {
    objects.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(text));
  }

  String read(String key) {
    try (InputStream in = objects.getObject(get -> get.bucket(bucket).key(key))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + key, e);
    }
  }

  @Override
  public void close() {
    clients.close();
    s3.close();
    dynamoDb.close();
    others.close();
  }
}
