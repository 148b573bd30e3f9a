package io.inframetrics.sink;

import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.time.Deadline;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened to the data points of a publication so far. Names a few failures and counts the
 * rest. Used by one thread.
 *
 * @hidden
 */
public final class PublishOutcome {

  /** How many failures of a kind are named, so that memory does not grow with them. */
  public static final int MAX_NAMED = 20;

  /** The id of an item that stands for all points. */
  public static final String ALL = "points";

  private final Failures rejected = new Failures();
  private final Failures retryable = new Failures();
  private long written;

  public void written(long points) {
    written += points;
  }

  public void rejected(String id, String reason, long points) {
    rejected.add(id, reason, points);
  }

  public void retryable(String id, String reason, long points) {
    retryable.add(id, reason, points);
  }

  /** Says that not all points were read, since the time was over. */
  public void deadlinePassed(Deadline deadline) {
    retryable(ALL, "the deadline %s passed before everything was published".formatted(deadline), 1);
  }

  /** Says that not all points could be read. */
  public void unreadable(RuntimeException e) {
    retryable(ALL, "some metrics could not be read: " + e, 1);
  }

  public WriteResult result() {
    return new WriteResult(written, 0, rejected.items(), retryable.items());
  }

  private static final class Failures {

    private final List<Failed> named = new ArrayList<>();
    private long more;

    void add(String id, String reason, long points) {
      if (named.size() < MAX_NAMED) {
        named.add(new Failed(id, reason));
      } else {
        more += points;
      }
    }

    List<Failed> items() {
      if (more == 0) {
        return named;
      }
      List<Failed> items = new ArrayList<>(named);
      items.add(new Failed("others", "%d more data points failed like these".formatted(more)));
      return items;
    }
  }
}
