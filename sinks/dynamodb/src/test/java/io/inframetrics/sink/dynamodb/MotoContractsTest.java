package io.inframetrics.sink.dynamodb;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * The DynamoDB stores keep the contracts of the ports on moto's DynamoDB too. moto 5.2 checks a
 * condition and writes in two steps, which the service does in one, so requests go to it one at a
 * time.
 */
@Tag("soak")
class MotoContractsTest extends DynamoDbContractsTest {

  @BeforeAll
  static void requireMoto() {
    MotoServer.assumeInstalled();
  }

  @Override
  LocalTable newTable() {
    return new LocalTable(MotoServer.endpoint(), new OneAtATime(UrlConnectionHttpClient.create()));
  }

  private record OneAtATime(SdkHttpClient of) implements SdkHttpClient {

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      ExecutableHttpRequest prepared = of.prepareRequest(request);
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() throws IOException {
          synchronized (of) {
            return prepared.call();
          }
        }

        @Override
        public void abort() {
          prepared.abort();
        }
      };
    }

    @Override
    public void close() {
      of.close();
    }
  }
}
