package io.inframetrics.collect.prometheus.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes one HTTP answer while it arrives. An exception ends the transfer with that failure. */
public interface AnswerReader {

  /**
   * The first lines of an answer.
   *
   * @param contentType empty if there is none
   * @param saysItsLength whether the answer marks its end; without that, the end of the connection
   *     is the end of the answer, or of the server
   */
  record Head(int status, String contentType, boolean saysItsLength) {}

  /** Called once, first. */
  void head(Head head) throws IOException;

  /** Takes the next bytes of the body, all of them. */
  void body(ByteBuffer part) throws IOException;

  /** Called once, last, if the answer is complete. */
  void end() throws IOException;
}
