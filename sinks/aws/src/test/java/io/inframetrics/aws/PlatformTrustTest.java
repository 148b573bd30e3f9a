package io.inframetrics.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class PlatformTrustTest {

  private static final String NO_PATH =
      "unable to find valid certification path to requested target";

  @Test
  void trustsWhomThePlatformTrusts() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    X509TrustManager platform = (X509TrustManager) factory.getTrustManagers()[0];

    assertThat(new PlatformTrust().getAcceptedIssuers())
        .containsExactlyInAnyOrder(platform.getAcceptedIssuers())
        .isNotEmpty();
  }

  @Test
  void refusesAServerWhoseCertificateNobodySigned(@TempDir Path folder) throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(SelfSigned.in(folder)));
    server.start();
    Map<String, String> environment =
        Map.of(
            "AWS_ENDPOINT_URL", "https://127.0.0.1:" + server.getAddress().getPort(),
            "AWS_REGION", "eu-west-1",
            "AWS_ACCESS_KEY_ID", "test",
            "AWS_SECRET_ACCESS_KEY", "test");
    try (AwsClients clients = AwsClients.fromEnvironment(environment)) {
      DynamoDbClient client = clients.build("dynamodb", DynamoDbClient.builder());

      assertThatThrownBy(client::listTables)
          .hasRootCauseMessage(NO_PATH)
          .hasStackTraceContaining(SSLHandshakeException.class.getName());
    } finally {
      server.stop(0);
    }
  }
}
