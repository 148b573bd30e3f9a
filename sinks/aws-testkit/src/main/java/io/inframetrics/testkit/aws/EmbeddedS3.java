package io.inframetrics.testkit.aws;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.NullMarked;

/**
 * An S3 server in this process, on its own port of 127.0.0.1. It keeps S3's promises for
 * create-only writes: {@code If-None-Match: *} on PutObject and on CompleteMultipartUpload, checked
 * and applied in one step; checksums of bodies and parts; the minimum size of a part; metadata;
 * ranges with {@code If-Match}. Any credentials work. Thread-safe.
 *
 * <pre>{@code
 * try (EmbeddedS3 server = EmbeddedS3.start();
 *     AwsClients clients = AwsClients.fromEnvironment(server.environment())) {
 *   S3Client s3 = S3Stores.client(clients);
 *   s3.putObject(b -> b.bucket(server.newBucket()).key("a"), RequestBody.fromString("text"));
 * }
 * }</pre>
 *
 * <p>Where it differs from S3: keys are listed in the order of their UTF-16 units, not of their
 * UTF-8 bytes; no permission is ever missing; no call is ever throttled or meets a conflict (409).
 * It is silent while it joins an upload's parts, where S3 sends white space: a client that
 * completes a large upload needs a long read timeout, because a second completion beside the first
 * fails.
 */
@NullMarked
public final class EmbeddedS3 implements AutoCloseable {

  private final BlobStore store;
  private final S3Proxy server;
  private final AtomicInteger buckets = new AtomicInteger();

  private EmbeddedS3(BlobStore store) {
    this.store = store;
    this.server =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.NONE, null, null)
            .build();
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the embedded S3 server could not be started", e);
    }
  }

  /** Starts a server that keeps its objects in memory. */
  public static EmbeddedS3 start() {
    return new EmbeddedS3(new TransientNio2BlobStore());
  }

  /**
   * Starts a server that keeps its objects in files.
   *
   * @param folder an existing one, on a file system with extended attributes, which hold the
   *     objects' metadata
   */
  public static EmbeddedS3 startIn(Path folder) {
    return new EmbeddedS3(new FilesystemNio2BlobStore(folder.toAbsolutePath().toString()));
  }

  /** The endpoint; buckets are part of the path. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  /** Creates an empty bucket with a unique name and returns the name. */
  public String newBucket() {
    String name = "bucket-" + buckets.incrementAndGet();
    store.createContainer(name);
    return name;
  }

  /** Environment variables that send a client here. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL_S3", endpoint().toString(),
        "AWS_REGION", "eu-west-1",
        "AWS_ACCESS_KEY_ID", "any",
        "AWS_SECRET_ACCESS_KEY", "any");
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the embedded S3 server could not be stopped", e);
    }
    store.close();
  }
}
