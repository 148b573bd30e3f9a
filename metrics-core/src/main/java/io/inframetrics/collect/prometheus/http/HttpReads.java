package io.inframetrics.collect.prometheus.http;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads answers of many addresses at the same time in one thread, the one that calls {@link #run}.
 * None of them waits for another: of each that has sent something, a run reads 64 KB. Only {@link
 * #execute} may be called by other threads.
 */
public final class HttpReads implements Closeable {

  private static final int PART = 65_536;

  private final IdleConnections idle;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(PART);
  private final Set<Read> running = new HashSet<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers =
      // Differences, because nanoTime may overflow.
      new PriorityQueue<>((a, b) -> Long.signum(a.nanos() - b.nanos()));

  private record Timer(long nanos, Runnable task) {}

  /** Takes the end of a read. */
  public interface Outcome {

    /** Called once, in the thread that runs; {@code failure} is null if the answer was read. */
    void ended(@Nullable Exception failure);
  }

  /**
   * Starts with nothing to read.
   *
   * @param idle connections to use again, and where those go that can be used again
   */
  public HttpReads(IdleConnections idle) throws IOException {
    this.idle = idle;
    this.selector = Selector.open();
  }

  /**
   * Starts a read; {@link #run} goes on with it. It has no timeout of its own.
   *
   * @param request the whole request, a GET without a body
   */
  public Read get(InetSocketAddress address, byte[] request, AnswerReader reader, Outcome outcome) {
    Read read = new Read(address, ByteBuffer.wrap(request), reader, outcome);
    running.add(read);
    tasks.add(read::start);
    return read;
  }

  /** Runs a task in the thread that runs, now. */
  public void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Runs a task in the thread that runs, after a while, and after reading what has arrived. */
  public void after(Duration time, Runnable task) {
    timers.add(new Timer(System.nanoTime() + time.toNanos(), task));
  }

  /** Waits until there is something to do, at most for {@code time}, and does all of it once. */
  public void run(Duration time) throws IOException, InterruptedException {
    long nanos = time.toNanos();
    Timer first = timers.peek();
    if (first != null) {
      nanos = Math.min(nanos, first.nanos() - System.nanoTime());
    }
    if (nanos <= 0 || !tasks.isEmpty()) {
      selector.selectNow(HttpReads::ready);
    } else {
      // Rounded up, so that no run ends just before a timer.
      selector.select(HttpReads::ready, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    long now = System.nanoTime();
    for (Timer due = timers.peek(); due != null && due.nanos() - now <= 0; due = timers.peek()) {
      timers.remove().task().run();
    }
  }

  private static void ready(SelectionKey key) {
    if (key.attachment() instanceof Read read) {
      read.ready();
    }
  }

  /** Ends the reads that are running, without their outcome. */
  @Override
  public void close() throws IOException {
    running.forEach(Read::abandon);
    running.clear();
    selector.close();
  }

  /** One read. */
  public final class Read {

    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final Outcome outcome;
    private final HttpAnswer answer;
    private @Nullable SocketChannel channel;
    private boolean used;
    private boolean more;

    private Read(
        InetSocketAddress address, ByteBuffer request, AnswerReader reader, Outcome outcome) {
      this.address = address;
      this.request = request;
      this.outcome = outcome;
      this.answer = new HttpAnswer(reader);
    }

    /** Whether more has arrived than was read, because this thread had other things to do. */
    public boolean hasMore() {
      return more;
    }

    /** Ends the read without its outcome. */
    public void cancel() {
      running.remove(this);
      abandon();
    }

    private void abandon() {
      if (channel != null) {
        IdleConnections.close(channel);
        channel = null;
      }
    }

    private void start() {
      if (!running.contains(this)) {
        return;
      }
      SocketChannel kept = idle.take(address);
      used = kept != null;
      try {
        if (kept == null) {
          connect();
        } else {
          channel = kept;
          send(kept);
        }
      } catch (IOException | RuntimeException e) {
        failed(e);
      }
    }

    private void connect() throws IOException {
      SocketChannel opened = SocketChannel.open();
      channel = opened;
      opened.configureBlocking(false);
      opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (opened.connect(address)) {
        send(opened);
      } else {
        opened.register(selector, SelectionKey.OP_CONNECT, this);
      }
    }

    private void send(SocketChannel connected) throws IOException {
      connected.write(request);
      connected.register(
          selector, request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ, this);
    }

    private void ready() {
      SocketChannel open = channel;
      if (open == null) {
        return;
      }
      try {
        if (open.isConnectionPending()) {
          open.finishConnect();
        }
        if (request.hasRemaining()) {
          send(open);
        } else {
          read(open);
        }
      } catch (IOException | RuntimeException e) {
        failed(e);
      }
    }

    private void read(SocketChannel open) throws IOException {
      buffer.clear();
      int count = open.read(buffer);
      more = !buffer.hasRemaining();
      buffer.flip();
      if (count < 0) {
        answer.closed();
      } else {
        answer.feed(buffer);
      }
      if (answer.isComplete()) {
        if (answer.keepsConnection() && count >= 0 && !buffer.hasRemaining()) {
          // The key stays, because a channel cannot come back under a key that was cancelled.
          open.register(selector, 0, null);
          idle.give(address, open);
          channel = null;
        }
        end(null);
      }
    }

    private void failed(Exception failure) {
      if (used && !answer.hasBegun()) {
        // The server closed the idle connection when the request was on its way.
        used = false;
        abandon();
        request.rewind();
        try {
          connect();
        } catch (IOException | RuntimeException e) {
          end(e);
        }
      } else {
        end(failure);
      }
    }

    private void end(@Nullable Exception failure) {
      running.remove(this);
      abandon();
      outcome.ended(failure);
    }
  }
}
