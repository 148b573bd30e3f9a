package io.inframetrics.pipeline.health;

import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.PipelineSettings;
import io.inframetrics.pipeline.collect.SinkFailure;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells how a run fares: whether every branch collected, whether every raw file was processed, and
 * what to tell people. Reads marks only; thread-safe.
 */
public final class CheckPipelineHealth {

  /** Looks at most when the request does not say. */
  public static final int DEFAULT_MAX_ATTEMPTS = 5;

  /** UTF-8 bytes of a summary: workflow state stays small. */
  public static final int MAX_SUMMARY_BYTES = 4_096;

  private final RunLedger ledger;
  private final PipelineSettings settings;

  public CheckPipelineHealth(RunLedger ledger, PipelineSettings settings) {
    this.ledger = ledger;
    this.settings = settings;
  }

  /** How a run fares. */
  public enum Status {
    /** Everything was collected, stored and processed. */
    HEALTHY,
    /** There is something to work with, and something is missing or was refused. */
    DEGRADED,
    /** Files wait to be processed, and there will be another look. */
    PENDING,
    /** There is nothing to work with. */
    UNHEALTHY
  }

  /**
   * One branch of the collection.
   *
   * @param metricType that it collects
   * @param objects the raw files that it wrote; none if it failed
   * @param partial whether it collected or stored less than it should
   * @param sinkFailures what it could not do
   * @param error why it failed; null if it did not
   */
  public record Branch(
      String metricType,
      List<CollectedObject> objects,
      boolean partial,
      List<SinkFailure> sinkFailures,
      @Nullable String error) {

    public Branch {
      objects = List.copyOf(objects);
      sinkFailures = List.copyOf(sinkFailures);
    }
  }

  /**
   * A question.
   *
   * @param attempt how many looks there were before this one, from 0
   * @param maxAttempts how many there are in all, at least 1
   */
  public record Request(String runId, int attempt, int maxAttempts, List<Branch> collections) {

    public Request {
      collections = List.copyOf(collections);
      if (attempt < 0 || maxAttempts < 1) {
        throw new InvalidRequestException(
            "attempt %d of max_attempts %d cannot be: attempt counts from 0, max_attempts is at least 1"
                .formatted(attempt, maxAttempts));
      }
    }
  }

  /** One thing that was checked. */
  public record Check(String name, boolean ok, String detail) {}

  /**
   * The answer.
   *
   * @param attempt looks so far, this one included
   * @param waitSeconds until the next look
   * @param expected raw files that were written
   * @param processed those of them that are processed
   * @param missing keys of those that are not
   * @param failedBranches types whose branch failed
   * @param subject at most {@value Notification#MAX_SUBJECT_LENGTH} printable ASCII characters
   * @param summary at most {@value #MAX_SUMMARY_BYTES} bytes
   */
  public record Result(
      Status status,
      int attempt,
      long waitSeconds,
      int expected,
      int processed,
      List<String> missing,
      List<String> failedBranches,
      List<Check> checks,
      String subject,
      String summary) {}

  /** Looks at the marks of the run's raw files. */
  public Result check(Request request, Deadline deadline) {
    List<CollectedObject> objects =
        request.collections().stream().flatMap(branch -> branch.objects().stream()).toList();
    Map<String, ProcessedMark> marks = marks(objects, deadline);
    List<String> missing =
        objects.stream().map(CollectedObject::key).filter(key -> !marks.containsKey(key)).toList();
    List<String> failed =
        request.collections().stream()
            .filter(branch -> branch.error() != null)
            .map(Branch::metricType)
            .toList();
    List<Check> checks = checks(request, objects, marks, missing, failed);
    Status status = status(request, objects, marks, missing, checks);
    int attempt = request.attempt() + 1;
    String subject = subject(status, request.runId(), objects.size(), missing.size(), failed);
    return new Result(
        status,
        attempt,
        waitSeconds(request.attempt()),
        objects.size(),
        objects.size() - missing.size(),
        missing,
        failed,
        checks,
        subject,
        summary(subject, request, checks, missing));
  }

  private Map<String, ProcessedMark> marks(List<CollectedObject> objects, Deadline deadline) {
    Map<String, ProcessedMark> marks = new HashMap<>();
    List<String> keys = objects.stream().map(CollectedObject::key).distinct().toList();
    for (int from = 0; from < keys.size(); from += RunLedger.MAX_KEYS) {
      int to = Math.min(from + RunLedger.MAX_KEYS, keys.size());
      marks.putAll(ledger.processed(keys.subList(from, to), deadline));
    }
    return marks;
  }

  private static Status status(
      Request request,
      List<CollectedObject> objects,
      Map<String, ProcessedMark> marks,
      List<String> missing,
      List<Check> checks) {
    boolean collected = objects.stream().anyMatch(object -> object.metricCount() > 0);
    if (!collected) {
      return Status.UNHEALTHY; // Waiting brings nothing.
    }
    if (!missing.isEmpty() && request.attempt() + 1 < request.maxAttempts()) {
      return Status.PENDING;
    }
    boolean usable =
        objects.stream()
            .anyMatch(object -> object.metricCount() > 0 && marks.containsKey(object.key()));
    if (!usable) {
      return Status.UNHEALTHY;
    }
    return checks.stream().allMatch(Check::ok) ? Status.HEALTHY : Status.DEGRADED;
  }

  private static List<Check> checks(
      Request request,
      List<CollectedObject> objects,
      Map<String, ProcessedMark> marks,
      List<String> missing,
      List<String> failed) {
    int branches = request.collections().size();
    long partial = request.collections().stream().filter(Branch::partial).count();
    long failures =
        request.collections().stream().mapToLong(branch -> branch.sinkFailures().size()).sum();
    long refused = marks.values().stream().mapToLong(ProcessedMark::refused).sum();
    return List.of(
        new Check(
            "collected",
            branches > 0 && failed.isEmpty() && partial == 0,
            "%d of %d branches complete, %d partial, %d failed"
                .formatted(branches - failed.size() - partial, branches, partial, failed.size())),
        new Check("sinks", failures == 0, "%d sink failures".formatted(failures)),
        new Check(
            "processed",
            missing.isEmpty(),
            "%d of %d raw files processed"
                .formatted(objects.size() - missing.size(), objects.size())),
        new Check("accepted", refused == 0, "%d lines refused".formatted(refused)));
  }

  /** 5, 10, 20, ... seconds by default. */
  private long waitSeconds(int attempt) {
    Duration wait = settings.firstWait();
    for (int i = 0; i < attempt && wait.compareTo(settings.maxWait()) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    Duration bounded = wait.compareTo(settings.maxWait()) < 0 ? wait : settings.maxWait();
    return Math.max(1, bounded.toSeconds());
  }

  private static String subject(
      Status status, String runId, int expected, int missing, List<String> failed) {
    String detail =
        failed.isEmpty()
            ? "%d of %d files processed".formatted(expected - missing, expected)
            : failed.size() + " failed: " + String.join(", ", failed);
    return Texts.printableAscii(
        "InfraMetrics %s: %s, run %s".formatted(status, detail, runId),
        Notification.MAX_SUBJECT_LENGTH);
  }

  private static String summary(
      String subject, Request request, List<Check> checks, List<String> missing) {
    List<String> lines = new ArrayList<>();
    lines.add(subject);
    for (Check check : checks) {
      lines.add("%s %s: %s".formatted(check.ok() ? "ok" : "NOT OK", check.name(), check.detail()));
    }
    for (Branch branch : request.collections()) {
      long count = branch.objects().stream().mapToLong(CollectedObject::metricCount).sum();
      lines.add(
          branch.error() != null
              ? "%s failed: %s".formatted(branch.metricType(), Texts.shorten(branch.error(), 300))
              : "%s: %d observations%s"
                  .formatted(branch.metricType(), count, branch.partial() ? ", partial" : ""));
      for (SinkFailure failure : branch.sinkFailures()) {
        lines.add("  %s: %s".formatted(failure.sink(), failure.reason()));
      }
    }
    missing.forEach(key -> lines.add("not processed: " + key));
    return Texts.shortenBytes(String.join("\n", lines), MAX_SUMMARY_BYTES);
  }
}
