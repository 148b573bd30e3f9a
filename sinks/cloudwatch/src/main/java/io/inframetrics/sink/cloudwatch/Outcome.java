package io.inframetrics.sink.cloudwatch;

import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import java.util.ArrayList;
import java.util.List;

/** What happened to the data points so far. Names a few failures and counts the rest. */
final class Outcome {

  /** How many failures of a kind are named, so that memory does not grow with them. */
  static final int MAX_NAMED = 20;

  /** The id of an item that stands for all points. */
  static final String ALL = "points";

  private final Failures rejected = new Failures();
  private final Failures retryable = new Failures();
  private long written;

  void written(long points) {
    written += points;
  }

  void rejected(String id, String reason, long points) {
    rejected.add(id, reason, points);
  }

  void retryable(String id, String reason, long points) {
    retryable.add(id, reason, points);
  }

  WriteResult result() {
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
