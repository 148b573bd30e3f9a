package io.inframetrics.testkit.aws;

import java.util.Map;

/** What a {@link FaultProxy} does to one request. */
public sealed interface Fault {

  /** Nothing: the request is forwarded and its answer returned. */
  Fault PASS = new Plain("pass");

  /** The connection is closed, and the request is not forwarded. */
  Fault CUT_BEFORE = new Plain("cut before");

  /** The request is forwarded and answered; the connection is closed instead of the answer. */
  Fault CUT_AFTER = new Plain("cut after");

  /** The request is not forwarded; this is the answer to it. */
  static Fault answer(int status, Map<String, String> headers, byte[] body) {
    return new Answer(false, HttpMessage.answer(status, headers, body));
  }

  /** The request is forwarded; its answer is dropped, and this one takes its place. */
  static Fault answerAfter(int status, Map<String, String> headers, byte[] body) {
    return new Answer(true, HttpMessage.answer(status, headers, body));
  }

  /** The request and its answer are forwarded with other bodies. */
  static Fault rewrite(BodyRewriter rewriter) {
    return new Rewrite(rewriter);
  }

  /** Changes bodies on their way, such as a batch of which a part is left unprocessed. */
  interface BodyRewriter {

    /** The request's body as the server gets it. */
    byte[] request(byte[] body);

    /**
     * The answer's body as the client gets it.
     *
     * @param request the body that the client sent
     * @param answer the body that the server answered to what it got
     */
    byte[] answer(byte[] request, byte[] answer);
  }

  /** One without parameters. */
  record Plain(String name) implements Fault {

    @Override
    public String toString() {
      return name;
    }
  }

  /** An answer that is not the server's. */
  final class Answer implements Fault {

    private final boolean forwarded;
    private final HttpMessage message;

    private Answer(boolean forwarded, HttpMessage message) {
      this.forwarded = forwarded;
      this.message = message;
    }

    /** Whether the server gets the request all the same. */
    boolean isForwarded() {
      return forwarded;
    }

    HttpMessage message() {
      return message;
    }
  }

  /** Other bodies. */
  record Rewrite(BodyRewriter rewriter) implements Fault {}
}
