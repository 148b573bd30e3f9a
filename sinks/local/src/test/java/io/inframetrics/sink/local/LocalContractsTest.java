package io.inframetrics.sink.local;

import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.contract.DocumentStoreContract;
import io.inframetrics.testkit.contract.MetricPublisherContract;
import io.inframetrics.testkit.contract.MetricRecordSinkContract;
import io.inframetrics.testkit.contract.NotifierContract;
import io.inframetrics.testkit.contract.RawMetricSinkContract;
import io.inframetrics.testkit.contract.RunLedgerContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The local stores keep the contracts of the ports. */
class LocalContractsTest {

  @TempDir Path folder;

  private final ManualClock now = ManualClock.at(SampleMetrics.RUN.observedAt());
  private LocalStores stores;

  @BeforeEach
  void open() {
    stores = LocalStores.open(folder, now);
  }

  @AfterEach
  void close() {
    stores.close();
  }

  @Nested
  class RawMetrics extends RawMetricSinkContract {
    @Override
    protected RawMetricSink sink() {
      return stores.rawMetricSink();
    }

    @Override
    protected RawMetricSource source() {
      return stores.rawMetricSource();
    }
  }

  @Nested
  class RawMetricsWithoutHardLinks extends RawMetricSinkContract {
    private LocalRawMetrics rawMetrics;
    private Database database;

    @BeforeEach
    void withoutHardLinks() throws IOException {
      DurableFiles files = new DurableFiles(folder, FailPoints.NONE, false);
      Path file = folder.resolve(LocalStores.DATABASE);
      database = Database.open(file, FailPoints.NONE);
      rawMetrics = new LocalRawMetrics(folder, files, database);
    }

    @AfterEach
    void closeDatabase() {
      database.close();
    }

    @Override
    protected RawMetricSink sink() {
      return rawMetrics;
    }

    @Override
    protected RawMetricSource source() {
      return rawMetrics;
    }
  }

  @Nested
  class Records extends MetricRecordSinkContract {
    private LocalRecords records;
    private Database database;

    @BeforeEach
    void withTheContractsClock() {
      database = Database.open(folder.resolve("records.db"), FailPoints.NONE);
      records = new LocalRecords(database, Retention.DEFAULT.records(), clock);
    }

    @AfterEach
    void closeDatabase() {
      database.close();
    }

    @Override
    protected MetricRecordSink sink() {
      return records;
    }

    @Override
    protected MetricHistory history() {
      return records;
    }

    @Override
    protected Optional<Duration> retention() {
      return Optional.of(Retention.DEFAULT.records());
    }
  }

  @Nested
  class Points extends MetricPublisherContract {
    @Override
    protected MetricPublisher publisher() {
      return stores.metricPublisher();
    }
  }

  @Nested
  class Ledger extends RunLedgerContract {
    @Override
    protected RunLedger ledger() {
      return stores.runLedger();
    }
  }

  @Nested
  class Reports extends DocumentStoreContract {
    @Override
    protected DocumentStore store() {
      return stores.documentStore();
    }
  }

  @Nested
  class Notifications extends NotifierContract {
    @Override
    protected Notifier notifier() {
      return stores.notifier();
    }

    @Override
    protected List<Notification> arrived() {
      try (Stream<Path> files = Files.list(folder.resolve("notifications"))) {
        return files.sorted().map(LocalContractsTest::readLetter).toList();
      } catch (IOException e) {
        throw new UncheckedIOException("notifications cannot be listed", e);
      }
    }
  }

  private static Notification readLetter(Path file) {
    try {
      List<String> lines = new ArrayList<>(List.of(Files.readString(file).split("\n", -1)));
      String subject = lines.remove(0).substring("Subject: ".length());
      Map<String, String> attributes = new TreeMap<>();
      for (String line = lines.remove(0); !line.isEmpty(); line = lines.remove(0)) {
        int colon = line.indexOf(": ");
        attributes.put(line.substring(0, colon), line.substring(colon + 2));
      }
      String message = String.join("\n", lines);
      return Notification.of(subject, message.substring(0, message.length() - 1), attributes);
    } catch (IOException e) {
      throw new UncheckedIOException("notification cannot be read", e);
    }
  }
}
