package io.inframetrics.sink.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.naming.Sha256;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.EmbeddedS3;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** A raw file of 1 GiB goes through a heap of 48 MiB, both ways. */
@Tag("soak")
class LargeFileTest {

  private static final long BYTES = 1L << 30;
  private static final String HEAP = "-Xmx48m";

  @Test
  void passesThroughASmallHeap(@TempDir Path folder) throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.startIn(folder)) {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      Process child =
          new ProcessBuilder(
                  List.of(
                      java,
                      HEAP,
                      "-XX:+UseSerialGC",
                      "-cp",
                      System.getProperty("java.class.path"),
                      LargeFileTest.class.getName(),
                      server.endpoint().toString(),
                      server.newBucket()))
              .redirectErrorStream(true)
              .start();
      String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      System.out.println(said);

      assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
      assertThat(child.exitValue()).as(said).isZero();
      assertThat(said).contains("read what was written");
    }
  }

  /** The child: writes and reads back. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> environment =
        Map.of(
            "AWS_ENDPOINT_URL_S3", arguments[0],
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "any",
            "AWS_SECRET_ACCESS_KEY", "any");
    // S3 sends white space while it joins the parts; the server in the test's process is silent.
    try (SdkHttpClient patient =
            UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMinutes(3)).build();
        AwsClients clients = AwsClients.builder(environment).httpClient(patient).build()) {
      S3Stores stores =
          S3Stores.over(S3Stores.client(clients), arguments[1], TestBucket.calls(() -> {}));
      long start = System.nanoTime();
      String written = write(stores);
      long between = System.nanoTime();
      String read = read(stores);
      System.out.printf(
          "wrote %.0f MB/s, read %.0f MB/s%n",
          BYTES * 1e3 / (between - start), BYTES * 1e3 / (System.nanoTime() - between));
      System.out.println(read.equals(written) ? "read what was written" : "read something else");
    }
  }

  private static String write(S3Stores stores) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (StagedObject<Commit> staged =
        stores.rawMetricSink().open(RawFiles.spec(RawFiles.RUN), Deadlines.never())) {
      byte[] chunk = RawFiles.content(1 << 16);
      for (long written = 0; written < BYTES; written += chunk.length) {
        chunk[0]++;
        staged.body().write(chunk);
        digest.update(chunk);
      }
      staged.commit();
    }
    return Sha256.hex(digest.digest());
  }

  private static String read(S3Stores stores) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    try (StoredObject object =
        stores.rawMetricSource().open(RawFiles.key(), Deadlines.never()).orElseThrow()) {
      byte[] buffer = new byte[1 << 16];
      for (int n = object.body().read(buffer); n >= 0; n = object.body().read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return Sha256.hex(digest.digest());
  }
}
