package io.inframetrics.sink;

import io.inframetrics.text.SubjectLine;
import io.inframetrics.time.Deadline;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

public interface Notifier {

  /**
   * Sends a notification, at least once.
   *
   * @return one item: written, duplicate if the same notification was sent shortly before, or
   *     failed
   */
  WriteResult send(Notification notification, Deadline deadline);

  /**
   * A message to people.
   *
   * @param subject 1 to {@value #MAX_SUBJECT_LENGTH} printable ASCII characters
   * @param message not empty
   * @param attributes to filter by, such as {@code status} and {@code run_id}; copied
   */
  record Notification(String subject, String message, SortedMap<String, String> attributes) {

    /** Characters of a subject; SNS takes fewer than 100. */
    public static final int MAX_SUBJECT_LENGTH = SubjectLine.MAX_LENGTH;

    public Notification {
      if (subject.isBlank()
          || subject.length() > MAX_SUBJECT_LENGTH
          || subject.chars().anyMatch(c -> c < ' ' || c > '~')) {
        throw new IllegalArgumentException(
            "subject '%s' is not valid: use 1 to %d printable ASCII characters"
                .formatted(subject, MAX_SUBJECT_LENGTH));
      }
      if (message.isEmpty()) {
        throw new IllegalArgumentException("the message of '%s' is empty".formatted(subject));
      }
      attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    public static Notification of(String subject, String message, Map<String, String> attributes) {
      return new Notification(subject, message, new TreeMap<>(attributes));
    }
  }
}
