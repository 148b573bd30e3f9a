package io.inframetrics.cli;

import io.inframetrics.cli.input.CommandFailedException;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.aws.AwsStores;
import io.inframetrics.functions.aws.BucketAndTable;
import io.inframetrics.functions.aws.UserClients;
import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/**
 * An installation on AWS, or on servers that stand in for it, as {@code INFRAMETRICS_*} and {@code
 * AWS_*} variables describe it; the data folder keeps only what belongs to this machine. A machine
 * receives no storage events, so a file is processed as soon as the verb that stored it has named
 * it.
 */
record AwsStorage(
    FunctionSettings settings, UserClients clients, AwsStores stores, LocalStores folder)
    implements Storage {

  private static final Logger LOG = LoggerFactory.getLogger(AwsStorage.class);

  /** Creating a table takes some seconds. */
  private static final Duration OPENING = Duration.ofMinutes(1);

  /**
   * Opens the installation.
   *
   * @param create whether to create a missing bucket or table
   * @param sharesTable whether other machines collect into the same table, so that the folder has
   *     to keep how far this one has collected
   * @param folder keeps notifications if there is no topic
   * @throws UsageException if one is missing and {@code create} is false
   * @throws CommandFailedException if AWS rejects a call, or they cannot be used
   * @throws RuntimeException if variables are wrong or AWS does not answer, in one sentence
   */
  static AwsStorage open(
      CommandSettings command,
      boolean create,
      boolean sharesTable,
      LocalStores folder,
      Clock clock) {
    FunctionSettings settings = command.functions();
    UserClients clients = UserClients.of(command.environment());
    try {
      requirePlaces(settings, clients, create, Deadline.after(OPENING, clock));
      AwsStores stores =
          sharesTable
              ? new SharedTable(settings, clients, folder.runLedger(), clock)
              : new AwsStores(settings, clients::clients, clock);
      return new AwsStorage(settings, clients, stores, folder);
    } catch (RuntimeException | Error e) {
      clients.close();
      throw e;
    }
  }

  private static void requirePlaces(
      FunctionSettings settings, UserClients clients, boolean create, Deadline deadline) {
    try {
      AwsCredentials unused = clients.requireCredentials();
      require(settings, new BucketAndTable(settings, clients.clients()), create, deadline);
    } catch (IllegalStateException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void require(
      FunctionSettings settings, BucketAndTable places, boolean create, Deadline deadline) {
    List<String> missing = new ArrayList<>();
    if (!places.hasBucket(deadline)) {
      if (create) {
        places.createBucket(deadline);
      } else {
        missing.add("bucket '%s' (INFRAMETRICS_BUCKET)".formatted(settings.bucket()));
      }
    }
    if (!places.hasTable(deadline)) {
      if (create) {
        places.createTable(deadline);
      } else {
        missing.add("table '%s' (INFRAMETRICS_TABLE)".formatted(settings.table()));
      }
    }
    if (!missing.isEmpty()) {
      throw new UsageException(
          "there is no %s: check the names, deploy the template, or use --create"
              .formatted(String.join(" and no ", missing)));
    }
  }

  @Override
  public Stores ports() {
    return stores;
  }

  @Override
  public Notifier notifier() {
    return settings.topicArn().isPresent() ? stores.notifier() : folder.notifier();
  }

  @Override
  public String whereabouts() {
    return "Raw files and reports are in s3://%s, records in table %s, data points in namespace %s, notifications %s; runs/ and the log are in %s"
        .formatted(
            settings.bucket(),
            settings.table(),
            settings.namespace(),
            settings.topicArn().map(arn -> "at " + arn).orElse("in the data folder"),
            folder.dataFolder());
  }

  @Override
  public String place(String key) {
    return "s3://%s/%s".formatted(settings.bucket(), key);
  }

  @Override
  public Deliveries deliverTo(Consumer<String> process) {
    return new NamedFiles(process);
  }

  @Override
  public void close() {
    stores.close(); // This closes the SDK's clients, too.
    clients.close();
  }

  /** A table into which several machines collect, each with windows of its own. */
  private static final class SharedTable extends AwsStores {

    private final RunLedger own;

    SharedTable(FunctionSettings settings, UserClients clients, RunLedger own, Clock clock) {
      super(settings, clients::clients, clock);
      this.own = own;
    }

    @Override
    public RunLedger runLedger() {
      return new OwnWindows(super.runLedger(), own);
    }
  }

  private record OwnWindows(RunLedger shared, RunLedger own) implements RunLedger {

    @Override
    public Optional<Instant> collectedUntil(MetricType type, Deadline deadline) {
      return own.collectedUntil(type, deadline);
    }

    @Override
    public void advanceCollectedUntil(MetricType type, Instant until, Deadline deadline) {
      own.advanceCollectedUntil(type, until, deadline);
    }

    @Override
    public void markProcessed(ProcessedMark mark, Deadline deadline) {
      shared.markProcessed(mark, deadline);
    }

    @Override
    public Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline) {
      return shared.processed(keys, deadline);
    }

    @Override
    public List<AnalysisMark> analysisMarks(String analysis, Deadline deadline) {
      return shared.analysisMarks(analysis, deadline);
    }

    @Override
    public void replaceAnalysisMarks(String analysis, List<AnalysisMark> marks, Deadline deadline) {
      shared.replaceAnalysisMarks(analysis, marks, deadline);
    }

    @Override
    public Map<String, byte[]> learned(Collection<String> seriesIds, Deadline deadline) {
      return shared.learned(seriesIds, deadline);
    }

    @Override
    public void learn(Map<String, byte[]> bySeriesId, Deadline deadline) {
      shared.learn(bySeriesId, deadline);
    }
  }

  /** Processes each file once it is named; one that fails is tried again before the next run. */
  private static final class NamedFiles implements Deliveries {

    private final Consumer<String> process;
    private final Set<String> failed = Collections.synchronizedSet(new LinkedHashSet<>());

    NamedFiles(Consumer<String> process) {
      this.process = process;
    }

    @Override
    public void scan() {
      List.copyOf(failed).forEach(this::landed);
    }

    @Override
    public void landed(String key) {
      try {
        process.accept(key);
        failed.remove(key);
      } catch (RuntimeException e) {
        LOG.warn(
            "raw file {} was not processed; it is retried before the next run and at the end",
            key,
            e);
        failed.add(key);
      }
    }

    @Override
    public Optional<String> awaitIdle(Deadline deadline) {
      scan();
      List<String> left = List.copyOf(failed);
      return left.isEmpty()
          ? Optional.empty()
          : Optional.of(
              "some raw files were not processed: %s; the log has the reasons"
                  .formatted(String.join(", ", left)));
    }

    @Override
    public void close() {
      // Nothing is in flight.
    }
  }
}
