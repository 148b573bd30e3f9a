package io.inframetrics.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Fails a successful answer that is not the service's own. The SDK takes any status 2xx for
 * success, so that the log-in page of a proxy would count as a stored file.
 *
 * <p>An answer of AWS has a request id, the content type of its protocol (CBOR, JSON or XML), and,
 * for an object that was stored, an ETag and the checksum that was sent, if any. An id alone would
 * not do, since another service may have answered.
 *
 * <p>Where the environment names the endpoint, a stand-in may answer, and some send no id; there
 * the form is enough. A HEAD and a DELETE have none: there they fail only as a page for people.
 */
final class OwnAnswerCheck implements ExecutionInterceptor {

  private static final List<String> REQUEST_IDS =
      List.of("x-amzn-RequestId", "x-amz-request-id", "x-amz-id-2");
  private static final String NO_ID = "it has no request id";
  private static final String REQUEST_ID_ELEMENT = "<RequestId>";

  /** Bytes of a body in which its request id is looked for. */
  private static final int SEARCHED_BYTES = 64 << 10;

  private static final Set<String> STORING = Set.of("PutObject", "UploadPart");
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String CHECKSUM = "x-amz-checksum-sha256";

  private final String service;
  private final boolean standIn;

  /**
   * A check of one client's answers.
   *
   * @param service as messages name it
   * @param standIn whether the endpoint may be one that sends no request ids
   */
  OwnAnswerCheck(String service, boolean standIn) {
    this.service = service;
    this.standIn = standIn;
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    SdkHttpResponse answer = context.httpResponse();
    InputStream body = context.responseBody().orElse(null);
    if (!answer.isSuccessful()) {
      return context.responseBody();
    }
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    String missing = missing(operation, context.httpRequest(), answer);
    if (missing == null && !hasId(answer) && !standIn) {
      if (body != null && isXml(answer)) {
        byte[] head = head(body);
        if (new String(head, StandardCharsets.UTF_8).contains(REQUEST_ID_ELEMENT)) {
          return Optional.of(new SequenceInputStream(new ByteArrayInputStream(head), body));
        }
      }
      missing = NO_ID;
    }
    if (missing != null) {
      end(body);
      throw failure(missing, answer);
    }
    return context.responseBody();
  }

  /**
   * Checks an answer to a request that was made without the SDK's client.
   *
   * @throws SdkClientException if it is not the service's own
   */
  void check(SdkHttpRequest request, SdkHttpResponse answer) {
    String missing = missing(null, request, answer);
    if (missing == null && !hasId(answer) && !standIn) {
      missing = NO_ID;
    }
    if (missing != null) {
      throw failure(missing, answer);
    }
  }

  /** What an answer of the service would have, whether or not it has an id; null if it is there. */
  private @Nullable String missing(
      @Nullable String operation, SdkHttpRequest request, SdkHttpResponse answer) {
    String type = contentType(answer);
    if (request.firstMatchingHeader("smithy-protocol").isPresent()) {
      return type.contains("cbor") ? null : "it is not in CBOR";
    }
    if (request.firstMatchingHeader("X-Amz-Target").isPresent()) {
      boolean json = type.contains("json") || type.contains("x-amz-");
      // moto answers for the tagging API with an id, but as text/html.
      return json || (standIn && hasId(answer)) ? null : "it is not in JSON";
    }
    if (isForm(request)) {
      return isXml(answer) ? null : "it is not in XML";
    }
    boolean tagged = answer.firstMatchingHeader("ETag").isPresent();
    if (operation != null && STORING.contains(operation)) {
      return !tagged
          ? "it has no ETag"
          : hasOtherChecksum(request, answer) ? "it has another checksum" : null;
    }
    boolean known = hasId(answer) || tagged || isXml(answer);
    boolean formless =
        request.method() == SdkHttpMethod.HEAD || request.method() == SdkHttpMethod.DELETE;
    return known || (formless && !type.contains("html")) ? null : NO_ID;
  }

  private static boolean hasOtherChecksum(SdkHttpRequest request, SdkHttpResponse answer) {
    Optional<String> sent = request.firstMatchingHeader(CHECKSUM);
    Optional<String> stored = answer.firstMatchingHeader(CHECKSUM);
    return sent.isPresent() && stored.isPresent() && !sent.equals(stored);
  }

  private static boolean hasId(SdkHttpResponse answer) {
    return answer.firstMatchingHeader(REQUEST_IDS).isPresent();
  }

  private static boolean isForm(SdkHttpRequest request) {
    return request
        .firstMatchingHeader(CONTENT_TYPE)
        .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
        .isPresent();
  }

  private static boolean isXml(SdkHttpResponse answer) {
    return contentType(answer).contains("xml") && !contentType(answer).contains("html");
  }

  private static String contentType(SdkHttpResponse answer) {
    return answer.firstMatchingHeader(CONTENT_TYPE).orElse("").toLowerCase(Locale.ROOT);
  }

  private static byte[] head(InputStream body) {
    try {
      return body.readNBytes(SEARCHED_BYTES);
    } catch (IOException e) {
      throw SdkClientException.create("the answer could not be read", e);
    }
  }

  private static void end(@Nullable InputStream body) {
    if (body instanceof Abortable abortable) {
      abortable.abort();
    }
  }

  private SdkClientException failure(String missing, SdkHttpResponse answer) {
    String type = contentType(answer);
    String text =
        "something between here and %s answered in its place (status %d%s): %s"
            .formatted(service, answer.statusCode(), type.isEmpty() ? "" : ", " + type, missing);
    // As the cause of a failure on the way, it may heal.
    return SdkClientException.create(text, new ProtocolException(text));
  }
}
