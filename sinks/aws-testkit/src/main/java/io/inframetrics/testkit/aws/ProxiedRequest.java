package io.inframetrics.testkit.aws;

import java.util.Optional;

/** A request that reached a {@link FaultProxy} as a whole. Immutable. */
public final class ProxiedRequest {

  private final int number;
  private final String service;
  private final HttpMessage message;
  private final int length;

  private ProxiedRequest(int number, String service, HttpMessage message, int length) {
    this.number = number;
    this.service = service;
    this.message = message;
    this.length = length;
  }

  static ProxiedRequest of(int number, String service, HttpMessage message) {
    return new ProxiedRequest(number, service, message, message.body().length);
  }

  ProxiedRequest withoutBody() {
    return new ProxiedRequest(number, service, message.with(new byte[0]), length);
  }

  /** 1 for the first request of the plan, over all its proxies. */
  public int number() {
    return number;
  }

  /** The name of the proxy that it came through. */
  public String service() {
    return service;
  }

  public String method() {
    return message.method();
  }

  /** With the query, percent-encoded as sent. */
  public String path() {
    return message.path();
  }

  /** The value of the first header of this name, ignoring case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(message.header(name));
  }

  /**
   * The operation in DynamoDB's protocol, such as {@code DynamoDB_20120810.GetItem}; empty for
   * services whose path or body says it.
   */
  public String target() {
    return header("X-Amz-Target").orElse("");
  }

  /** The body's length in bytes, without chunk headers. */
  public int length() {
    return length;
  }

  /** The body; empty in {@link FaultPlan#requests()} unless the plan keeps bodies. */
  public byte[] body() {
    return message.body().clone();
  }

  @Override
  public String toString() {
    return "%d %s %s %s %s (%d bytes)"
        .formatted(number, service, method(), path(), target(), length);
  }
}
