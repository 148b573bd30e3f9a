package io.inframetrics.testkit.aws;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request or response, held in memory. The head stays as it came, line by line, so
 * that signatures over it stay valid; the body is without its chunks.
 */
final class HttpMessage {

  private final String startLine;
  private final List<String> headerLines;
  private final byte[] body;
  private final boolean untilClose;

  private HttpMessage(String startLine, List<String> headerLines, byte[] body, boolean untilClose) {
    this.startLine = startLine;
    this.headerLines = headerLines;
    this.body = body;
    this.untilClose = untilClose;
  }

  static HttpMessage answer(int status, Map<String, String> headers, byte[] body) {
    List<String> lines = new ArrayList<>();
    headers.forEach((name, value) -> lines.add(name + ": " + value));
    lines.add("Content-Length: " + body.length);
    return new HttpMessage("HTTP/1.1 " + status + " ", lines, body.clone(), false);
  }

  /**
   * Reads a request.
   *
   * @param wantsBody where to ask for the body if the client waits for {@code 100 Continue}
   * @return null if the client closed the connection between two requests
   */
  static @Nullable HttpMessage readRequest(BufferedInputStream in, OutputStream wantsBody)
      throws IOException {
    HttpMessage head = readHead(in);
    if (head == null) {
      return null;
    }
    if ("100-continue".equalsIgnoreCase(head.header("Expect"))) {
      wantsBody.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      wantsBody.flush();
    }
    return head.hasLength() ? head.with(head.readBody(in)) : head;
  }

  /** Reads the final response to a request; skips interim ones. */
  static HttpMessage readAnswer(BufferedInputStream in, String method) throws IOException {
    HttpMessage head;
    do {
      head = readHead(in);
      if (head == null) {
        throw new EOFException("the upstream server closed the connection without an answer");
      }
    } while (head.status() < 200);
    if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
      return head;
    }
    if (head.hasLength()) {
      return head.with(head.readBody(in));
    }
    return new HttpMessage(head.startLine, head.headerLines, in.readAllBytes(), true);
  }

  private static @Nullable HttpMessage readHead(InputStream in) throws IOException {
    String startLine = readLine(in);
    if (startLine == null) {
      return null;
    }
    List<String> lines = new ArrayList<>();
    while (true) {
      String line = readLine(in);
      if (line == null) {
        throw new EOFException("the connection ended within the head of a message");
      }
      if (line.isEmpty()) {
        return new HttpMessage(startLine, lines, new byte[0], false);
      }
      lines.add(line);
    }
  }

  private static @Nullable String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        if (line.size() == 0) {
          return null;
        }
        throw new EOFException("the connection ended within a line");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private byte[] readBody(InputStream in) throws IOException {
    if (isChunked()) {
      return readChunks(in);
    }
    return readExactly(in, Integer.parseInt(String.valueOf(header("Content-Length")).strip()));
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      String line = readLine(in);
      if (line == null) {
        throw new EOFException("the connection ended before a chunk");
      }
      int length = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
      if (length == 0) {
        break;
      }
      all.write(readExactly(in, length));
      readLine(in);
    }
    for (String trailer = readLine(in); trailer != null && !trailer.isEmpty(); ) {
      trailer = readLine(in);
    }
    return all.toByteArray();
  }

  private static byte[] readExactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException(
          "the connection ended after %d of %d bytes of a body".formatted(bytes.length, length));
    }
    return bytes;
  }

  /** Sends it, as one chunk if its head says so. */
  void write(OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder(startLine).append("\r\n");
    headerLines.forEach(line -> head.append(line).append("\r\n"));
    head.append("\r\n");
    boolean chunks = isChunked();
    if (chunks && body.length > 0) {
      head.append(Integer.toHexString(body.length)).append("\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(body.length + 1024);
    all.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    all.write(body);
    if (chunks) {
      String end = body.length > 0 ? "\r\n0\r\n\r\n" : "0\r\n\r\n";
      all.write(end.getBytes(StandardCharsets.US_ASCII));
    }
    all.writeTo(out);
    out.flush();
  }

  /**
   * Returns a copy with another body and its length, and without the checksum that DynamoDB sends
   * of the whole response.
   */
  HttpMessage withChangedBody(byte[] changed) {
    List<String> lines = new ArrayList<>();
    for (String line : headerLines) {
      String name = nameOf(line);
      if (name.equals("content-length")) {
        lines.add("Content-Length: " + changed.length);
      } else if (!name.equals("x-amz-crc32")) {
        lines.add(line);
      }
    }
    return new HttpMessage(startLine, lines, changed, untilClose);
  }

  HttpMessage with(byte[] itsBody) {
    return new HttpMessage(startLine, headerLines, itsBody, untilClose);
  }

  byte[] body() {
    return body;
  }

  String method() {
    return word(0);
  }

  String path() {
    return word(1);
  }

  private int status() throws ProtocolException {
    try {
      return Integer.parseInt(word(1));
    } catch (NumberFormatException e) {
      throw new ProtocolException("an answer began with \"" + startLine + "\"");
    }
  }

  private String word(int index) {
    String[] words = startLine.split(" ", 3);
    return words.length > index ? words[index] : "";
  }

  boolean isLast() {
    String connection = header("Connection");
    return untilClose || (connection != null && connection.strip().equalsIgnoreCase("close"));
  }

  /** Whether its head tells where its body ends. */
  private boolean hasLength() {
    return isChunked() || header("Content-Length") != null;
  }

  private boolean isChunked() {
    String encoding = header("Transfer-Encoding");
    return encoding != null && encoding.toLowerCase(Locale.ROOT).contains("chunked");
  }

  /** The value of the first header of this name, ignoring case. */
  @Nullable String header(String name) {
    for (String line : headerLines) {
      if (nameOf(line).equals(name.toLowerCase(Locale.ROOT))) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return null;
  }

  private static String nameOf(String line) {
    int colon = line.indexOf(':');
    return (colon < 0 ? line : line.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
  }
}
