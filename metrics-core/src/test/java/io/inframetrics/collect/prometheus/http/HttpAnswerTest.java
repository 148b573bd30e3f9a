package io.inframetrics.collect.prometheus.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpAnswerTest {

  private final StringBuilder read = new StringBuilder();

  private final AnswerReader reader =
      new AnswerReader() {
        @Override
        public void head(Head head) {
          read.append(head.status())
              .append(head.contentType().isEmpty() ? "" : " " + head.contentType())
              .append(head.saysItsLength() ? " " : " open ");
        }

        @Override
        public void body(ByteBuffer part) {
          read.append(StandardCharsets.ISO_8859_1.decode(part));
        }

        @Override
        public void end() {
          read.append('$');
        }
      };

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "HTTP/1.1 200 OK~Content-Type: text/plain~Content-Length: 5~~hello | 200 text/plain hello$ | true",
        "HTTP/1.1 200 ~content-length:5~~hello | 200 hello$ | true",
        "HTTP/1.1 200~CONTENT-LENGTH: 5~Content-Length: 5~~hello | 200 hello$ | true",
        "HTTP/1.1 200 OK~Content-Length: 5~Connection: Close~~hello | 200 hello$ | false",
        "HTTP/1.1 200 OK~Transfer-Encoding: Chunked~~5~hello~A;name=x~, 12345678~0~~ | 200 hello, 12345678$ | true",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~1 ~x~000~Checksum: 1~Other: 2~~ | 200 x$ | true",
        "HTTP/1.1 200 OK~Content-Length: 999~Transfer-Encoding: chunked~~1~x~0~~ | 200 x$ | false",
        "HTTP/1.0 200 OK~~hello | 200 open hello | false",
        "HTTP/1.0 200 OK~Connection: x, keep-alive~Content-Length: 1~~h | 200 h$ | true",
        "HTTP/1.1 200 OK~~hello | 200 open hello | false",
        "HTTP/1.1 103 Early Hints~Link: <x>~~HTTP/1.1 200 OK~Content-Length: 1~~h | 200 h$ | true",
        "HTTP/1.1 204 No Content~~ | 204 $ | true",
        "HTTP/1.1 304 Not Modified~Content-Length: 77~~ | 304 $ | true",
        "HTTP/1.1 200 OK~Content-Length: 0~~ | 200 $ | true",
        "HTTP/1.1 200 OK~X: a~ b: folded~ folded~Content-Length: 1~~h | 200 h$ | true",
      })
  void anAnswerIsTakenApart(String text, String expected, boolean keeps) throws IOException {
    byte[] bytes = text.replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII);
    for (int size = 1; size <= bytes.length; size++) {
      read.setLength(0);
      HttpAnswer answer = new HttpAnswer(reader);
      for (int at = 0; at < bytes.length; at += size) {
        answer.feed(ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at)));
      }
      assertThat(read).as("in parts of %d", size).hasToString(expected);
      assertThat(answer.isComplete()).isEqualTo(expected.endsWith("$"));
      assertThat(answer.keepsConnection()).isEqualTo(keeps);
      answer.closed();
      assertThat(read.toString()).endsWith("$");
    }
  }

  @Test
  void linesMayEndWithALineFeedOnly() throws IOException {
    new HttpAnswer(reader).feed(bytes("HTTP/1.1 200 OK\nContent-Length: 1\n\nh"));

    assertThat(read).hasToString("200 h$");
  }

  @Test
  void bytesBehindTheEndAreLeft() throws IOException {
    ByteBuffer data = bytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nhello");

    new HttpAnswer(reader).feed(data);

    assertThat(data.remaining()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SSH-2.0-OpenSSH_9.2~ | it does not speak HTTP/1.1: 'SSH-2.0-OpenSSH_9.2'",
        "HTTP/2 200~~ | it does not speak HTTP/1.1: 'HTTP/2 200'",
        "HTTP/1.1 200 OK~Content-Length: 5~Content-Length: 6~~ | its length is not one number: 'Content-Length: 6'",
        "HTTP/1.1 200 OK~Content-Length: -5~~ | its length is not one number: 'Content-Length: -5'",
        "HTTP/1.1 200 OK~Content-Length: 9999999999999999999~~ | its length is not one number",
        "HTTP/1.1 200 OK~Transfer-Encoding: gzip, chunked~~ | it uses a transfer encoding that was not asked for",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~hello~ | a chunk does not begin with its size: 'hello'",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~-1~ | a chunk does not begin with its size: '-1'",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~hello~ | a chunk is longer than it says: 'llo'",
        "HTTP/1.1 2 | the connection was closed before an answer came",
        "`` | the connection was closed before an answer came",
        "HTTP/1.1 200 OK~Content-Length: 5~~hel | the page was cut off after 3 bytes of 5",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~3~hel~ | the page was cut off after 3 bytes",
      })
  void aWrongAnswerIsRejectedWithOneSentence(String text, String sentence) {
    HttpAnswer answer = new HttpAnswer(reader);

    assertThatThrownBy(
            () -> {
              answer.feed(bytes(text.replace("~", "\r\n")));
              answer.closed();
            })
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(sentence);
  }

  @Test
  void aHeadWithoutEndIsRejected() {
    assertThatThrownBy(
            () ->
                new HttpAnswer(reader)
                    .feed(bytes("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(20_000))))
        .hasMessage("its HTTP header has more than 65536 characters");
  }

  @Test
  void aPageMayHaveManyChunks() throws IOException {
    new HttpAnswer(reader)
        .feed(
            bytes(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "1\r\nx\r\n".repeat(50_000)
                    + "0\r\n\r\n"));

    assertThat(read).hasToString("200 " + "x".repeat(50_000) + "$");
  }

  /** Whatever comes, there is an end or one sentence, and nothing is read twice. */
  @Test
  void noiseDoesNoHarm() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] words = {
      "HTTP/1.1 200 OK", "\r\n", "\n", "Content-Length: ", "Transfer-Encoding: chunked", "5", "0",
      "\r\n\r\n", ":", "x", ";", "Connection: close", "\u00ff", " "
    };
    for (int round = 0; round < 5_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int word = random.nextInt(12); word >= 0; word--) {
        text.append(words[random.nextInt(words.length)]);
      }
      read.setLength(0);
      HttpAnswer answer = new HttpAnswer(reader);
      try {
        answer.feed(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1)));
        answer.closed();
        assertThat(read.toString()).as("seed %d: %s", seed, text).endsWith("$");
      } catch (IOException e) {
        assertThat(e.getMessage()).as("seed %d: %s", seed, text).matches("[ -~]+");
      }
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
