package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Metrics of one series and run in one item. Its sort key is the window start and a hash of the
 * content: the same metrics give the same item, other metrics of the window are stored beside it,
 * and the key alone proves what the item contains.
 *
 * @param metrics of one series, run, unit and region, oldest first, one a second
 * @param packed their points, as {@link PackedPoints} packs them
 */
record RecordItem(Key key, List<Metric> metrics, SdkBytes packed) {

  /** The points of an item lie after its start, by at most this. */
  static final Duration MAX_SPAN = Duration.ofHours(24);

  /** Points in an item: at most 18 bytes each, so that it stays far below {@link #MAX_BYTES}. */
  static final int MAX_POINTS = 2_000;

  /**
   * Bytes of an item.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items">Items</a>
   */
  static final int MAX_BYTES = 400 * 1024;

  static final String POINTS = "points";
  static final String RUN_ID = "run_id";
  static final String OBSERVED_AT = "observed_at";

  private static final int HASH_DIGITS = 16;

  /** Of fixed length, so that keys sort like times. */
  private static final DateTimeFormatter START =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  static RecordItem of(Instant start, List<Metric> metrics) {
    Metric first = metrics.get(0);
    byte[] packed =
        PackedPoints.pack(
            metrics.stream()
                .map(m -> new Point(m.timestamp().getEpochSecond(), m.value() + 0.0))
                .toList());
    String sort = startText(start) + "#" + hash(first, packed);
    return new RecordItem(
        new Key(first.series().id(), sort), List.copyOf(metrics), SdkBytes.fromByteArray(packed));
  }

  static String startText(Instant start) {
    return START.format(start);
  }

  /** The window start in a sort key. */
  static Instant start(String sort) {
    return Instant.parse(sort.substring(0, sort.indexOf('#')));
  }

  private static String hash(Metric metric, byte[] packed) {
    MessageDigest digest = Sha256.newDigest();
    for (String part :
        List.of(
            metric.series().id(),
            metric.run().runId(),
            metric.run().observedAt().toString(),
            metric.unit().wireName(),
            metric.region())) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return Sha256.hex(digest.digest(packed)).substring(0, HASH_DIGITS);
  }

  /** The stored form, which expires {@code retention} after its newest point. */
  Map<String, AttributeValue> attributes(Duration retention) {
    Metric newest = metrics.get(metrics.size() - 1);
    Series series = newest.series();
    Map<String, AttributeValue> item = new HashMap<>(key.attributes());
    item.put("timestamp", Attributes.number(newest.timestamp().getEpochSecond()));
    item.put("value", Attributes.number(newest.value() + 0.0));
    item.put(POINTS, AttributeValue.fromB(packed));
    item.put("metric_type", Attributes.text(series.type().name()));
    item.put("instance_id", Attributes.text(series.instanceId()));
    if (!series.dimensions().isEmpty()) {
      Map<String, AttributeValue> dimensions = new HashMap<>();
      series.dimensions().forEach((name, value) -> dimensions.put(name, Attributes.text(value)));
      item.put("dimensions", AttributeValue.fromM(dimensions));
    }
    item.put("region", Attributes.text(newest.region()));
    item.put("unit", Attributes.text(newest.unit().wireName()));
    item.put(RUN_ID, Attributes.text(newest.run().runId()));
    item.put(OBSERVED_AT, Attributes.text(newest.run().observedAt().toString()));
    item.put(
        Attributes.TTL, Attributes.number(newest.timestamp().plus(retention).getEpochSecond()));
    return item;
  }

  static CollectionRun run(Map<String, AttributeValue> item) {
    return new CollectionRun(
        Attributes.text(item, RUN_ID), Instant.parse(Attributes.text(item, OBSERVED_AT)));
  }
}
