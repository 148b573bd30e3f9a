package io.inframetrics.testkit.aws;

import java.util.List;
import java.util.Optional;

/** A request that reached a {@link FaultProxy} whole. Immutable. */
public final class ProxiedRequest {

  private static final byte[] NOTHING = {};

  private final int number;
  private final String service;
  private final String method;
  private final String path;
  private final List<String> headerLines;
  private final int length;
  private final byte[] body;

  private ProxiedRequest(
      int number,
      String service,
      String method,
      String path,
      List<String> headerLines,
      int length,
      byte[] body) {
    this.number = number;
    this.service = service;
    this.method = method;
    this.path = path;
    this.headerLines = List.copyOf(headerLines);
    this.length = length;
    this.body = body;
  }

  static ProxiedRequest of(int number, String service, HttpMessage message) {
    byte[] body = message.body();
    return new ProxiedRequest(
        number,
        service,
        message.method(),
        message.path(),
        message.headerLines(),
        body.length,
        body);
  }

  ProxiedRequest withoutBody() {
    return new ProxiedRequest(number, service, method, path, headerLines, length, NOTHING);
  }

  /** 1 for the first request of the plan, over all its proxies. */
  public int number() {
    return number;
  }

  /** The name of the proxy that it came through. */
  public String service() {
    return service;
  }

  /** Such as {@code PUT}. */
  public String method() {
    return method;
  }

  /** With the query, percent-encoded as it was sent. */
  public String path() {
    return path;
  }

  /** The value of the first header of this name, in any case of letters. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(HttpMessage.header(headerLines, name));
  }

  /**
   * The operation as DynamoDB's protocol names it, such as {@code DynamoDB_20120810.GetItem}; empty
   * for services whose path or body says it.
   */
  public String target() {
    return header("X-Amz-Target").orElse("");
  }

  /** The body's length in bytes, without the heads of its chunks. */
  public int length() {
    return length;
  }

  /** The body; empty in {@link FaultPlan#requests()} unless the plan keeps bodies. */
  public byte[] body() {
    return body.clone();
  }

  @Override
  public String toString() {
    return "%d %s %s %s %s (%d bytes)".formatted(number, service, method, path, target(), length);
  }
}
