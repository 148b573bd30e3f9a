package io.inframetrics.testkit.aws;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link FaultProxy} does to one request. */
public sealed interface Fault {

  /** Nothing: the request is forwarded and its answer returned. */
  Fault PASS = new Pass();

  /** The connection is closed, and the request is not forwarded. */
  Fault CUT_BEFORE = new Instead("cut before", false, null);

  /** The request is forwarded and answered; the connection is closed instead of the answer. */
  Fault CUT_AFTER = new Instead("cut after", true, null);

  /** The request is not forwarded; this is the answer to it. */
  static Fault answer(int status, Map<String, String> headers, byte[] body) {
    return new Instead("answer " + status, false, HttpMessage.answer(status, headers, body));
  }

  /** The request is forwarded; its answer is dropped, and this one takes its place. */
  static Fault answerAfter(int status, Map<String, String> headers, byte[] body) {
    return new Instead("answer after " + status, true, HttpMessage.answer(status, headers, body));
  }

  /** The request and its answer are forwarded with other bodies. */
  static Fault rewrite(BodyRewriter rewriter) {
    return new Rewrite(rewriter);
  }

  /** Changes bodies in transit, for example to leave a part of a batch unprocessed. */
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

  record Pass() implements Fault {}

  final class Instead implements Fault {

    private final String name;

    /** Whether the server gets the request anyway. */
    final boolean forwarded;

    /** What the client gets; null to close its connection. */
    final @Nullable HttpMessage message;

    private Instead(String name, boolean forwarded, @Nullable HttpMessage message) {
      this.name = name;
      this.forwarded = forwarded;
      this.message = message;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  record Rewrite(BodyRewriter rewriter) implements Fault {}
}
