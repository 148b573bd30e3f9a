package io.inframetrics.collect.prometheus.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that wait for their next request, at most 256, each for 30 seconds. Safe for use by
 * several threads.
 */
public final class IdleConnections {

  private static final Logger LOG = LoggerFactory.getLogger(IdleConnections.class);

  private static final int MAX = 256;
  private static final long SECONDS = 30;

  private final Map<InetSocketAddress, Deque<Idle>> idle = new HashMap<>();
  private int count;
  private boolean sweeping;

  private record Idle(SocketChannel channel, long nanos) {}

  /** A connection that the server has not closed, as far as is known; null if there is none. */
  synchronized @Nullable SocketChannel take(InetSocketAddress address) {
    Deque<Idle> connections = idle.get(address);
    while (connections != null && !connections.isEmpty()) {
      SocketChannel channel = connections.removeLast().channel();
      count--;
      if (isQuiet(channel)) {
        return channel;
      }
      close(channel);
    }
    idle.remove(address);
    return null;
  }

  /** Keeps a connection whose last answer is complete. */
  synchronized void give(InetSocketAddress address, SocketChannel channel) {
    if (count >= MAX) {
      close(channel);
      return;
    }
    idle.computeIfAbsent(address, none -> new ArrayDeque<>())
        .addLast(new Idle(channel, System.nanoTime()));
    count++;
    sweepLater();
  }

  /** What a server sends unasked is its good-bye. */
  private static boolean isQuiet(SocketChannel channel) {
    try {
      return channel.read(ByteBuffer.allocate(1)) == 0;
    } catch (IOException e) {
      LOG.debug("an idle connection has ended", e);
      return false;
    }
  }

  private void sweepLater() {
    if (!sweeping) {
      sweeping = true;
      CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(this::sweep);
    }
  }

  private synchronized void sweep() {
    long now = System.nanoTime();
    for (Iterator<Deque<Idle>> all = idle.values().iterator(); all.hasNext(); ) {
      Deque<Idle> connections = all.next();
      while (!connections.isEmpty()
          && now - connections.getFirst().nanos() >= TimeUnit.SECONDS.toNanos(SECONDS)) {
        close(connections.removeFirst().channel());
        count--;
      }
      if (connections.isEmpty()) {
        all.remove();
      }
    }
    sweeping = false;
    if (count > 0) {
      sweepLater();
    }
  }

  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("a connection could not be closed", e);
    }
  }
}
