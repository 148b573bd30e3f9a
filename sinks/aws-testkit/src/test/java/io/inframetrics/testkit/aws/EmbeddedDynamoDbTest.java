package io.inframetrics.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class EmbeddedDynamoDbTest {

  @Test
  void listensOnLoopbackUntilItIsClosed() throws Exception {
    EmbeddedDynamoDb server = EmbeddedDynamoDb.start();
    int port = server.endpoint().getPort();

    try (Socket socket = new Socket("127.0.0.1", port)) {
      assertThat(socket.isConnected()).isTrue();
    }
    server.close();

    assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void isOneForAllTestsOfAJvm() {
    EmbeddedDynamoDb shared = EmbeddedDynamoDb.shared();

    assertThat(EmbeddedDynamoDb.shared()).isSameAs(shared);
    assertThat(shared.newTableName()).isNotEqualTo(shared.newTableName());
    assertThat(shared.environment())
        .containsEntry("AWS_ENDPOINT_URL_DYNAMODB", shared.endpoint().toString());
  }
}
