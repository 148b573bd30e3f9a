package io.inframetrics.encode;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a raw file line by line. A bad line comes back as {@link Line.Bad} and does not stop the
 * rest; blank lines are skipped. Memory does not grow with the file. For one thread.
 */
public final class JsonLinesReader implements AutoCloseable {

  /** Bytes of a line; a longer one is bad. A line with the longest names has some 20 kilobytes. */
  public static final int MAX_LINE_BYTES = 1 << 20;

  private static final int INITIAL_BUFFER = 1 << 16;

  private final InputStream in;
  private final FastLineReader fast = new FastLineReader();
  private final LineDecoder decoder;
  private byte[] buffer = new byte[INITIAL_BUFFER];
  private int start;
  private int end;

  // The last line in the buffer, without its line break.
  private int lineStart;
  private int lineEnd;

  private boolean atEnd;
  private long number;

  /**
   * Reads {@code in}; {@link #close} closes it.
   *
   * @param otherwise the run of lines without {@code run_id} or {@code collected_at}
   */
  public JsonLinesReader(InputStream in, CollectionRun otherwise) {
    this.in = in;
    this.decoder = new LineDecoder(otherwise);
  }

  /**
   * The next line that is not blank; null at the end.
   *
   * @throws UncheckedIOException if the stream cannot be read
   */
  public @Nullable Line next() {
    while (true) {
      Metric metric = fast.read(buffer, start, end);
      if (metric != null && fast.end() - start <= MAX_LINE_BYTES) {
        lineStart = start;
        lineEnd = fast.end() - 1;
        start = fast.end();
        return new Line.Good(++number, metric);
      }
      lineEnd = findLineEnd();
      if (lineEnd < 0) {
        return null;
      }
      number++;
      lineStart = start;
      int length = lineEnd - lineStart;
      start = Math.min(lineEnd + 1, end);
      if (length > MAX_LINE_BYTES) {
        byte[] text = Arrays.copyOfRange(buffer, lineStart, lineStart + MAX_LINE_BYTES);
        skipRestOfLine();
        return new Line.Bad(
            number, text, "the line has more than " + MAX_LINE_BYTES + " bytes: split it");
      }
      if (!isBlank(lineStart, lineEnd)) {
        return decoder.decode(number, buffer, lineStart, length);
      }
    }
  }

  /** Rejects the good line that {@link #next} returned last, for the caller's reason. */
  public Line.Bad refuse(String reason) {
    return new Line.Bad(number, Arrays.copyOfRange(buffer, lineStart, lineEnd), reason);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not close a raw file", e);
    }
  }

  /** The end of the line from {@code start}, filling the buffer as needed; -1 if there is none. */
  private int findLineEnd() {
    int scanned = start;
    while (true) {
      for (int i = scanned; i < end; i++) {
        if (buffer[i] == '\n') {
          return i;
        }
      }
      scanned = end;
      if (end - start > MAX_LINE_BYTES) {
        return end; // Too long already; the rest is skipped.
      }
      if (atEnd) {
        return start < end ? end : -1;
      }
      int shift = start;
      fill();
      scanned -= shift - start;
    }
  }

  private void fill() {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    } else if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    try {
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        atEnd = true;
      } else {
        end += read;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read a raw file after line " + number, e);
    }
  }

  private void skipRestOfLine() {
    if (lineEnd < end) {
      return; // Its line break was in the buffer.
    }
    start = end;
    while (true) {
      for (int i = start; i < end; i++) {
        if (buffer[i] == '\n') {
          start = i + 1;
          return;
        }
      }
      start = end;
      if (atEnd) {
        return;
      }
      fill();
    }
  }

  private boolean isBlank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
