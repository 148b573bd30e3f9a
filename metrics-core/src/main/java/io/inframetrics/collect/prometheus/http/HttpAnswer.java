package io.inframetrics.collect.prometheus.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes apart the answer to one GET request: HTTP/1.0 and 1.1, bodies with a length, in chunks, or
 * up to the end of the connection. Needs memory for one line. Not thread-safe.
 */
final class HttpAnswer {

  /** Characters of the head, or of the lines around chunks, that one answer may have. */
  private static final int MAX_LINES = 65_536;

  private static final int SHOWN = 60;
  private static final int FIRST_FINAL_STATUS = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.(\\d) (\\d{3})(?: .*)?");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
  private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,15})\\s*(?:;.*)?");

  private enum Part {
    STATUS,
    HEADERS,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    UNTIL_CLOSED,
    COMPLETE
  }

  private final AnswerReader reader;
  private final StringBuilder line = new StringBuilder();
  private Part part = Part.STATUS;
  private boolean begun;
  private int lineCharacters;
  private int status;
  private boolean keepsConnection;
  private boolean chunked;
  private String contentType = "";
  private long length = -1;

  /** Bytes of the body, or of the chunk, that are still to come. */
  private long left;

  private long received;

  HttpAnswer(AnswerReader reader) {
    this.reader = reader;
  }

  /** Whether any byte has arrived. */
  boolean hasBegun() {
    return begun;
  }

  boolean isComplete() {
    return part == Part.COMPLETE;
  }

  /** Whether the connection can take another request once this answer is complete. */
  boolean keepsConnection() {
    return keepsConnection;
  }

  /** Reads the next bytes; those behind the end of the answer stay in {@code data}. */
  void feed(ByteBuffer data) throws IOException {
    begun |= data.hasRemaining();
    while (data.hasRemaining() && part != Part.COMPLETE) {
      switch (part) {
        case LENGTH, CHUNK -> readPart(data);
        case UNTIL_CLOSED -> readAll(data);
        default -> readLine(data);
      }
    }
  }

  /** The server has closed the connection. */
  void closed() throws IOException {
    if (part == Part.UNTIL_CLOSED) {
      complete();
    } else if (part == Part.STATUS || part == Part.HEADERS) {
      throw new EOFException("the connection was closed before an answer came");
    } else if (part != Part.COMPLETE) {
      throw new EOFException(
          "the page was cut off after %d bytes%s"
              .formatted(received, length < 0 ? "" : " of " + length));
    }
  }

  private void readPart(ByteBuffer data) throws IOException {
    int size = (int) Math.min(left, data.remaining());
    ByteBuffer body = data.slice(data.position(), size);
    data.position(data.position() + size);
    left -= size;
    received += size;
    reader.body(body);
    if (left == 0) {
      if (part == Part.LENGTH) {
        complete();
      } else {
        part = Part.CHUNK_END;
      }
    }
  }

  private void readAll(ByteBuffer data) throws IOException {
    received += data.remaining();
    reader.body(data);
  }

  private void readLine(ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      char next = (char) (data.get() & 0xff);
      // Lines around chunks are counted apart: a page may have as many chunks as it likes.
      if (++lineCharacters > MAX_LINES) {
        throw new IOException("its HTTP header has more than " + MAX_LINES + " characters");
      }
      if (next == '\n') {
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
          line.setLength(end - 1);
        }
        String text = line.toString();
        line.setLength(0);
        take(text);
        return;
      }
      line.append(next);
    }
  }

  private void take(String text) throws IOException {
    switch (part) {
      case STATUS -> takeStatus(text);
      case HEADERS -> {
        if (text.isEmpty()) {
          endOfHead();
        } else {
          takeHeader(text);
        }
      }
      case CHUNK_SIZE -> takeChunkSize(text);
      case CHUNK_END -> {
        if (!text.isEmpty()) {
          throw wrong("a chunk is longer than it says", text);
        }
        part = Part.CHUNK_SIZE;
      }
      case TRAILERS -> {
        if (text.isEmpty()) {
          complete();
        }
      }
      default -> throw new IllegalStateException(part + " has no lines");
    }
  }

  private void takeStatus(String text) throws IOException {
    Matcher matcher = STATUS.matcher(text);
    if (!matcher.matches()) {
      throw wrong("it does not speak HTTP/1.1", text);
    }
    keepsConnection = !matcher.group(1).equals("0");
    status = Integer.parseInt(matcher.group(2));
    part = Part.HEADERS;
  }

  private void takeHeader(String text) throws IOException {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return; // A folded header, none of those that matter here.
    }
    String value = text.substring(colon + 1).strip();
    switch (text.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
      case "content-type" -> contentType = value;
      case "content-length" -> {
        if (!LENGTH.matcher(value).matches() || (length >= 0 && length != Long.parseLong(value))) {
          throw wrong("its length is not one number", text);
        }
        length = Long.parseLong(value);
      }
      case "transfer-encoding" -> {
        if (!value.equalsIgnoreCase("chunked")) {
          throw wrong("it uses a transfer encoding that was not asked for", text);
        }
        chunked = true;
      }
      case "connection" -> {
        for (String option : value.toLowerCase(Locale.ROOT).split(",", -1)) {
          if (option.strip().equals("close")) {
            keepsConnection = false;
          } else if (option.strip().equals("keep-alive")) {
            keepsConnection = true;
          }
        }
      }
      default -> {
        // Says nothing about where the body ends.
      }
    }
  }

  private void endOfHead() throws IOException {
    if (status < FIRST_FINAL_STATUS) {
      part = Part.STATUS; // Such as 103; the answer follows.
      return;
    }
    boolean empty = status == NO_CONTENT || status == NOT_MODIFIED || (length == 0 && !chunked);
    reader.head(new AnswerReader.Head(status, contentType, empty || chunked || length >= 0));
    if (empty) {
      complete();
    } else if (chunked) {
      // With both, the chunks count, and no one knows what the next bytes would be.
      keepsConnection &= length < 0;
      length = -1;
      part = Part.CHUNK_SIZE;
    } else if (length >= 0) {
      left = length;
      part = Part.LENGTH;
    } else {
      keepsConnection = false;
      part = Part.UNTIL_CLOSED;
    }
  }

  private void takeChunkSize(String text) throws IOException {
    Matcher matcher = CHUNK_SIZE.matcher(text);
    if (!matcher.matches()) {
      throw wrong("a chunk does not begin with its size", text);
    }
    lineCharacters = 0;
    left = Long.parseLong(matcher.group(1), 16);
    part = left == 0 ? Part.TRAILERS : Part.CHUNK;
  }

  private void complete() throws IOException {
    part = Part.COMPLETE;
    reader.end();
  }

  private static IOException wrong(String what, String text) {
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    return new IOException(what + ": '" + shown.replaceAll("[^ -~]", "?") + "'");
  }
}
