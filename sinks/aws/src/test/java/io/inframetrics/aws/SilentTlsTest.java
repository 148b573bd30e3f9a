package io.inframetrics.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.testkit.Deadlines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A server that completes the handshake, takes the request, and says nothing more. */
@Timeout(60)
class SilentTlsTest {

  @TempDir static Path folder;

  private final AtomicInteger handshakes = new AtomicInteger();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  @Test
  void isLeftAndTriedAgainWithinTheDeadline() throws Exception {
    CallSettings settings =
        new CallSettings(3, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(400));
    AwsCalls calls = new AwsCalls(settings, new Random(1), AwsCalls.Sleeper.THREAD);
    try (SSLServerSocket server = serve();
        SdkHttpClient http =
            UrlConnectionHttpClient.builder()
                .socketTimeout(AwsClients.READ_TIMEOUT)
                .tlsTrustManagersProvider(() -> new TrustManager[] {new Anyone()})
                .build();
        AwsClients clients =
            AwsClients.builder(
                    Map.of(
                        "AWS_ENDPOINT_URL", "https://127.0.0.1:" + server.getLocalPort(),
                        "AWS_REGION", "eu-west-1",
                        "AWS_ACCESS_KEY_ID", "test",
                        "AWS_SECRET_ACCESS_KEY", "test"))
                .httpClient(new EndingHttpClient(http))
                .build()) {
      DynamoDbClient client = clients.build("dynamodb", DynamoDbClient.builder());
      assertThatThrownBy(
              () ->
                  calls.call(
                      "dynamodb:ListTables",
                      Deadlines.inRealTime(AwsClients.READ_TIMEOUT.multipliedBy(3)),
                      limits -> client.listTables(list -> list.overrideConfiguration(limits))))
          .isInstanceOf(RetryableFailureException.class)
          .hasMessageStartingWith("dynamodb:ListTables failed 3 times, the last time: ")
          .message()
          .satisfies(message -> assertThat(message.lines()).hasSize(1));
      assertThat(handshakes).hasValueGreaterThan(1);

      long start = System.nanoTime();
      assertThatThrownBy(
              () ->
                  calls.once(
                      "dynamodb:ListTables",
                      Deadlines.inRealTime(Duration.ofMillis(200)),
                      limits -> client.listTables(list -> list.overrideConfiguration(limits))))
          .isInstanceOf(RetryableFailureException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(AwsClients.READ_TIMEOUT.dividedBy(2));
    } finally {
      for (Socket each : open) {
        each.close();
      }
    }
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  private SSLServerSocket serve() throws Exception {
    SSLServerSocket server =
        (SSLServerSocket)
            SelfSigned.in(folder)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread accepting =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  SSLSocket socket = (SSLSocket) server.accept();
                  open.add(socket);
                  socket.startHandshake();
                  handshakes.incrementAndGet();
                } catch (IOException e) {
                  continue; // The client has left, or the test is over.
                }
              }
            });
    accepting.setDaemon(true);
    accepting.start();
    return server;
  }

  private static final class Anyone implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
