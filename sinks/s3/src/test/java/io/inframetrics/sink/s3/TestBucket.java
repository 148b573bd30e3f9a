package io.inframetrics.sink.s3;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.testkit.aws.EmbeddedS3;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.FaultProxy;
import io.inframetrics.testkit.aws.ProxiedRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 server for the tests of a class, and for each test an empty bucket. */
final class TestBucket
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private final List<AutoCloseable> ofThisTest = new ArrayList<>();
  private EmbeddedS3 server;
  private AwsClients clients;
  private S3Client client;
  private String name;

  @Override
  public void beforeAll(ExtensionContext context) {
    if (server == null) { // Nested classes use the server of the outer one.
      server = EmbeddedS3.start();
      clients = AwsClients.fromEnvironment(server.environment());
      client = S3Stores.client(clients);
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    name = server.newBucket();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (AutoCloseable closeable : ofThisTest) {
      closeable.close();
    }
    ofThisTest.clear();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (!context.getTestClass().orElseThrow().isMemberClass()) {
      clients.close();
      server.close();
    }
  }

  /** A client that nothing happens to. */
  S3Client client() {
    return client;
  }

  String name() {
    return name;
  }

  /** Makes another bucket the one in use. */
  void renew() {
    name = server.newBucket();
  }

  /** Stores that nothing happens to, with the smallest parts. */
  S3Stores stores() {
    return stores(client, calls(() -> {}));
  }

  /** Stores whose requests go through a proxy that does what {@code plan} says. */
  S3Stores through(FaultPlan plan) throws IOException {
    return through(plan, () -> {});
  }

  /** The same; {@code betweenTries} happens instead of a wait. */
  S3Stores through(FaultPlan plan, Runnable betweenTries) throws IOException {
    return stores(clientThrough(plan), calls(betweenTries));
  }

  /**
   * A client whose requests go through a proxy, which sends each in one piece: the server answers a
   * write to a bucket that is missing, and closes the connection, without waiting for the content.
   */
  S3Client clientThrough(FaultPlan plan) throws IOException {
    InetSocketAddress upstream =
        new InetSocketAddress(server.endpoint().getHost(), server.endpoint().getPort());
    FaultProxy proxy = FaultProxy.start("s3", upstream, plan);
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.put("AWS_ENDPOINT_URL_S3", proxy.uri().toString());
    AwsClients proxied = AwsClients.fromEnvironment(environment);
    ofThisTest.add(proxied);
    ofThisTest.add(proxy);
    return S3Stores.client(proxied);
  }

  S3Stores stores(S3Client s3, AwsCalls calls) {
    return S3Stores.over(s3, name, calls).withPartBytes(S3Limits.MIN_PART_BYTES);
  }

  static AwsCalls calls(Runnable betweenTries) {
    return new AwsCalls(CallSettings.DEFAULTS, new Random(7), time -> betweenTries.run());
  }

  /** Uploads that were started and neither completed nor aborted. */
  int openUploads() {
    return client.listMultipartUploads(request -> request.bucket(name)).uploads().size();
  }

  /** The operations of the requests so far, by the names that S3 has for them. */
  static List<String> operations(FaultPlan plan) {
    return plan.requests().stream().map(TestBucket::operation).toList();
  }

  static String operation(ProxiedRequest request) {
    String path = request.path();
    return switch (request.method()) {
      case "HEAD" -> "HeadObject";
      case "GET" -> path.contains("list-type=2") ? "ListObjectsV2" : "GetObject";
      case "DELETE" -> path.contains("uploadId=") ? "AbortMultipartUpload" : "DeleteObject";
      case "POST" ->
          path.contains("uploadId=") ? "CompleteMultipartUpload" : "CreateMultipartUpload";
      case "PUT" ->
          path.contains("partNumber=")
              ? "UploadPart"
              : request.header("x-amz-copy-source").isPresent() ? "CopyObject" : "PutObject";
      default -> request.method() + " " + path;
    };
  }
}
