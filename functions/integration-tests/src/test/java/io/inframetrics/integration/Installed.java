package io.inframetrics.integration;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.dynamodb.DynamoDbSettings;
import io.inframetrics.sink.dynamodb.DynamoDbStores;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.PutMetricData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket, a table and a namespace of their own, looked at from beside: past the proxies, past
 * what a sandbox remembers.
 */
record Installed(String bucket, String table, String namespace) {

  private static final AtomicInteger NAMESPACES = new AtomicInteger();
  private static final String PARTITION = DynamoDbTable.KEY_SCHEMA.get(0).attributeName();

  /** Empty ones. */
  static Installed fresh() {
    return new Installed(
        StandIns.S3.newBucket(), StandIns.newTable(), "Case-" + NAMESPACES.incrementAndGet());
  }

  /** Every object under a prefix, by key. */
  SortedMap<String, String> objects(String prefix) {
    SortedMap<String, String> objects = new TreeMap<>();
    StandIns.OBJECTS
        .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
        .contents()
        .stream()
        .map(S3Object::key)
        .forEach(key -> objects.put(key, text(key)));
    return objects;
  }

  private String text(String key) {
    try (InputStream in = StandIns.OBJECTS.getObject(get -> get.bucket(bucket).key(key))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + key, e);
    }
  }

  void put(String key, String text) {
    StandIns.OBJECTS.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(text));
  }

  /** Uploads that were begun and neither completed nor given up. */
  int openUploads() {
    return StandIns.OBJECTS.listMultipartUploads(list -> list.bucket(bucket)).uploads().size();
  }

  /** The points of every series that is listed, as an analysis would read them. */
  SortedMap<String, List<Point>> points(MetricType type) {
    MetricHistory history = stores().metricHistory();
    SortedMap<String, List<Point>> points = new TreeMap<>();
    for (KnownSeries known :
        history.series(type, StandIns.CLOCK.instant().minusSeconds(86_400), Deadlines.never())) {
      points.put(
          known.series().id(),
          history.points(
              known.series(),
              Instant.EPOCH,
              StandIns.CLOCK.instant(),
              1_000_000,
              Deadlines.never()));
    }
    return points;
  }

  /** The partition key of each item that holds records: a series that stands twice has two. */
  List<String> recordItems() {
    List<String> items = new ArrayList<>();
    StandIns.TABLES
        .scanPaginator(scan -> scan.tableName(table).consistentRead(true))
        .items()
        .stream()
        .map(item -> item.getOrDefault(PARTITION, AttributeValue.fromS("")).s())
        .filter(partition -> !partition.startsWith("@"))
        .forEach(items::add);
    return items.stream().sorted().toList();
  }

  RunLedger ledger() {
    return stores().runLedger();
  }

  /** The requests that CloudWatch took. */
  List<PutMetricData> published() {
    return StandIns.OTHERS.putMetricData().stream()
        .filter(request -> request.namespace().equals(namespace))
        .toList();
  }

  private DynamoDbStores stores() {
    return new DynamoDbStores(
        StandIns.TABLES,
        table,
        StandIns.calls(io.inframetrics.aws.CallSettings.DEFAULTS),
        DynamoDbSettings.DEFAULTS,
        Runnable::run,
        StandIns.CLOCK);
  }
}
