package io.inframetrics.functions.lambda;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * An HTTP client that connects to nothing and answers as an AWS with an empty table and one raw
 * file would: what rehearses a function marshals, signs and reads as ever, and changes nothing.
 * Thread-safe.
 */
final class CannedAws implements SdkHttpClient {

  private static final byte[] EMPTY_CBOR_MAP = {(byte) 0xbf, (byte) 0xff};
  private static final byte[] NOTHING = {};

  private final byte[] rawFile;

  /** Answers {@code rawFile} whatever object is read. */
  CannedAws(String rawFile) {
    this.rawFile = rawFile.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() {
        return answer(request.httpRequest());
      }

      @Override
      public void abort() {}
    };
  }

  private HttpExecuteResponse answer(SdkHttpRequest request) {
    SdkHttpResponse.Builder response =
        SdkHttpResponse.builder().statusCode(200).putHeader("x-amzn-RequestId", "rehearsal");
    byte[] body;
    if (request.firstMatchingHeader("X-Amz-Target").isPresent()) {
      response.putHeader("Content-Type", "application/x-amz-json-1.0");
      body = "{}".getBytes(StandardCharsets.UTF_8);
    } else if (request.firstMatchingHeader("smithy-protocol").isPresent()) {
      response
          .putHeader("Content-Type", "application/cbor")
          .putHeader("smithy-protocol", "rpc-v2-cbor");
      body = EMPTY_CBOR_MAP;
    } else {
      response.putHeader("ETag", "\"rehearsal\"");
      body = request.method() == SdkHttpMethod.GET ? rawFile : NOTHING;
    }
    return HttpExecuteResponse.builder()
        .response(response.putHeader("Content-Length", Integer.toString(body.length)).build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
        .build();
  }

  @Override
  public String clientName() {
    return "Canned";
  }

  @Override
  public void close() {}
}
