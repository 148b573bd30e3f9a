package io.inframetrics.pipeline.health;

import io.inframetrics.detect.ReadableText;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.text.SubjectLine;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says how a run is doing: whether every branch collected, whether every raw file was processed,
 * and what to tell people. Reads only processed marks; thread-safe.
 */
public final class CheckPipelineHealth {

  /** The most looks at a run if the request does not say. */
  public static final int DEFAULT_MAX_ATTEMPTS = 5;

  /** UTF-8 bytes of a summary: workflow state stays small. */
  public static final int MAX_SUMMARY_BYTES = 4_096;

  /** Seconds to wait for processing before the second look; each later wait is twice as long. */
  private static final long FIRST_WAIT = 5;

  /** Seconds of the longest wait. */
  private static final long MAX_WAIT = 60;

  /** Dropped files that a check names. */
  private static final int MAX_NAMED = 3;

  /** Characters of the reason of each. */
  private static final int MAX_REASON = 300;

  private final RunLedger ledger;

  public CheckPipelineHealth(RunLedger ledger) {
    this.ledger = ledger;
  }

  public enum Status {
    /** Everything that is new was collected, stored and processed. */
    HEALTHY,
    /** There is something to work with, and something is missing or was refused. */
    DEGRADED,
    /** Files wait to be processed, and there will be another look. */
    PENDING,
    /** There is nothing to work with. */
    UNHEALTHY
  }

  /**
   * Which run to check.
   *
   * @param attempt how many looks there were before this one, from 0
   * @param maxAttempts how many there are in all, at least 1
   * @param collections what the branches of the run answered, failed ones included
   * @param droppedFiles files that others put among the raw files and that need somebody's
   *     attention; one that belongs to the run is left out
   */
  public record Request(
      String runId,
      int attempt,
      int maxAttempts,
      List<CollectionResult> collections,
      List<DroppedFile> droppedFiles) {

    /** A run without files of others. */
    public Request(String runId, int attempt, int maxAttempts, List<CollectionResult> collections) {
      this(runId, attempt, maxAttempts, collections, List.of());
    }

    public Request {
      collections = List.copyOf(collections);
      droppedFiles = List.copyOf(droppedFiles);
      if (attempt < 0 || maxAttempts < 1) {
        throw new InvalidRequestException(
            "attempt %d of max_attempts %d is not valid: attempt counts from 0, and max_attempts is at least 1"
                .formatted(attempt, maxAttempts));
      }
    }
  }

  /** A file that is not of the run, and why it is not processed, or not all of it. */
  public record DroppedFile(String key, String reason) {}

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
            .filter(branch -> branch.status() == CollectionResult.Status.FAILED)
            .map(CollectionResult::metricType)
            .toList();
    List<Check> checks = new ArrayList<>(checks(request, objects, marks, missing, failed));
    List<DroppedFile> dropped = dropped(request, objects);
    if (!dropped.isEmpty()) {
      checks.add(new Check("dropped", false, detail(dropped)));
    }
    Status status = status(request, objects, marks, missing, checks);
    int attempt = request.attempt() + 1;
    String nothing = nothing(request.collections());
    String subject =
        nothing.isEmpty() || !failed.isEmpty()
            ? subject(status, request.runId(), objects.size(), missing.size(), failed, dropped)
            : SubjectLine.of(
                "InfraMetrics %s: %s, run %s".formatted(status, nothing, request.runId()));
    return new Result(
        status,
        attempt,
        Math.min(MAX_WAIT, FIRST_WAIT << Math.min(request.attempt(), 10)),
        objects.size(),
        objects.size() - missing.size(),
        missing,
        failed,
        checks,
        subject,
        summary(subject, request, checks, missing));
  }

  private static List<DroppedFile> dropped(Request request, List<CollectedObject> objects) {
    Set<String> own = objects.stream().map(CollectedObject::key).collect(Collectors.toSet());
    return request.droppedFiles().stream().filter(file -> !own.contains(file.key())).toList();
  }

  private static String detail(List<DroppedFile> dropped) {
    String named =
        dropped.stream()
            .limit(MAX_NAMED)
            .map(file -> file.key() + ": " + Texts.oneLine(file.reason(), MAX_REASON))
            .collect(Collectors.joining("; "));
    return dropped.size() <= MAX_NAMED
        ? named
        : "%s; and %d more".formatted(named, dropped.size() - MAX_NAMED);
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
    List<CollectedObject> filled =
        objects.stream().filter(object -> object.metricCount() > 0).toList();
    if (filled.isEmpty()) { // Waiting would not help.
      if (hasNothingNew(request.collections())) { // Earlier runs collected what there is.
        return checks.stream().allMatch(Check::ok) ? Status.HEALTHY : Status.DEGRADED;
      }
      return isNothing(request.collections()) ? Status.DEGRADED : Status.UNHEALTHY;
    }
    if (!missing.isEmpty() && request.attempt() + 1 < request.maxAttempts()) {
      return Status.PENDING;
    }
    if (filled.stream().noneMatch(object -> marks.containsKey(object.key()))) {
      return Status.UNHEALTHY;
    }
    return checks.stream().allMatch(Check::ok) ? Status.HEALTHY : Status.DEGRADED;
  }

  /** Why there is no raw file at all; empty if there is one, or no reason. */
  private static String nothing(List<CollectionResult> collections) {
    if (hasNothingNew(collections)) {
      return "nothing new";
    }
    return isNothing(collections) ? "nothing to collect" : "";
  }

  /** Whether there is no raw file, and in a branch that is because it knew all that there is. */
  private static boolean hasNothingNew(List<CollectionResult> collections) {
    return collections.stream().allMatch(branch -> branch.objects().isEmpty())
        && collections.stream().anyMatch(CollectionResult::nothingNew);
  }

  /** Whether there was nothing to collect, and every branch says why. */
  private static boolean isNothing(List<CollectionResult> collections) {
    return !collections.isEmpty()
        && !hasNothingNew(collections)
        && collections.stream()
            .allMatch(
                branch ->
                    branch.status() == CollectionResult.Status.COLLECTED
                        && branch.objects().isEmpty()
                        && !branch.notes().isEmpty());
  }

  private static List<Check> checks(
      Request request,
      List<CollectedObject> objects,
      Map<String, ProcessedMark> marks,
      List<String> missing,
      List<String> failed) {
    int branches = request.collections().size();
    long partial = request.collections().stream().filter(CheckPipelineHealth::isPartial).count();
    long failures =
        request.collections().stream().mapToLong(branch -> branch.failures().size()).sum();
    long refused = marks.values().stream().mapToLong(ProcessedMark::refused).sum();
    String nothing = nothing(request.collections());
    return List.of(
        new Check(
            "collected",
            branches > 0 && failed.isEmpty() && partial == 0 && !isNothing(request.collections()),
            "%d of %d branches complete, %d partial, %d failed%s"
                .formatted(
                    branches - failed.size() - partial,
                    branches,
                    partial,
                    failed.size(),
                    nothing.isEmpty() ? "" : ", " + nothing)),
        new Check("sinks", failures == 0, ReadableText.count(failures, "sink failure")),
        new Check(
            "processed",
            missing.isEmpty(),
            "%d of %d raw files processed"
                .formatted(objects.size() - missing.size(), objects.size())),
        new Check("accepted", refused == 0, ReadableText.count(refused, "line") + " rejected"));
  }

  private static boolean isPartial(CollectionResult branch) {
    return branch.status() == CollectionResult.Status.PARTIAL;
  }

  private static String subject(
      Status status,
      String runId,
      int expected,
      int missing,
      List<String> failed,
      List<DroppedFile> dropped) {
    String detail =
        failed.isEmpty()
            ? "%d of %d files processed".formatted(expected - missing, expected)
            : failed.size() + " failed: " + String.join(", ", failed);
    if (!dropped.isEmpty()) {
      detail = "%s, but not %s".formatted(detail, ReadableText.count(dropped.size(), "other file"));
    }
    return SubjectLine.of("InfraMetrics %s: %s, run %s".formatted(status, detail, runId));
  }

  private static String summary(
      String subject, Request request, List<Check> checks, List<String> missing) {
    List<String> lines = new ArrayList<>();
    lines.add(subject);
    for (Check check : checks) {
      lines.add("%s %s: %s".formatted(check.ok() ? "ok" : "NOT OK", check.name(), check.detail()));
    }
    Set<String> notes = new LinkedHashSet<>();
    request.collections().forEach(branch -> notes.addAll(branch.notes()));
    notes.forEach(note -> lines.add("note: " + note));
    for (CollectionResult branch : request.collections()) {
      String type = branch.metricType();
      lines.add(
          branch.error() == null
              ? "%s: %s%s"
                  .formatted(
                      type,
                      ReadableText.count(branch.metricCount(), "observation"),
                      isPartial(branch) ? ", partial" : "")
              : "%s failed: %s".formatted(type, Texts.oneLine(branch.error(), 300)));
      for (Failure failure : branch.failures()) {
        lines.add("  %s: %s".formatted(failure.label(), failure.reason()));
      }
    }
    missing.forEach(key -> lines.add("not processed: " + key));
    return Texts.shortenBytes(String.join("\n", lines), MAX_SUMMARY_BYTES);
  }
}
