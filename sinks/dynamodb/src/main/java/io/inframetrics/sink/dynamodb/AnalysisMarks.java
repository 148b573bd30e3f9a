package io.inframetrics.sink.dynamodb;

import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * The marks that each analysis keeps for its next run: compressed, in one item, the head, which one
 * write replaces. Where they are too many, they are split into the items of a generation, which the
 * head names. A writer stores the new generation, then the head, which makes it current, then
 * deletes the old one. What a crashed writer leaves behind expires.
 */
final class AnalysisMarks {

  /** Bytes of a piece, and the most in the head; an item may have 400 KB. */
  static final int PIECE_BYTES = 300_000;

  private static final String PREFIX = "@findings#";
  private static final String HEAD = "head";
  private static final String GENERATION = "generation";
  private static final String NUMBER = "number";
  private static final String PIECES = "pieces";
  private static final String COUNT = "count";
  private static final String DATA = "data";
  private static final int HASH_DIGITS = 16;

  /** How often to read again while a generation is being replaced. */
  private static final int MAX_READS = 5;

  private final Table table;
  private final Duration retention;
  private final Clock clock;

  AnalysisMarks(Table table, Duration retention, Clock clock) {
    this.table = table;
    this.retention = retention;
    this.clock = clock;
  }

  /**
   * The current generation.
   *
   * @param number one more than that of the previous generation
   * @param generation the number and a hash of the content: different contents never share one
   * @param pieces in other items; none if the head has the content
   */
  private record Head(long number, String generation, int pieces) {

    static Head of(Map<String, AttributeValue> item) {
      return new Head(
          Attributes.number(item, NUMBER),
          Attributes.text(item, GENERATION),
          (int) Attributes.number(item, PIECES));
    }

    List<Key> keys(String partition) {
      List<Key> keys = new ArrayList<>();
      for (int i = 0; i < pieces; i++) {
        keys.add(new Key(partition, "%s#%04d".formatted(generation, i)));
      }
      return keys;
    }
  }

  List<AnalysisMark> read(String analysis, Deadline deadline) {
    String partition = PREFIX + analysis;
    for (int reads = 0; reads < MAX_READS; reads++) {
      Map<Key, Map<String, AttributeValue>> items = everything(partition, deadline);
      Map<String, AttributeValue> head = items.get(new Key(partition, HEAD));
      if (head == null || Attributes.isExpired(head, clock.instant())) {
        return List.of();
      }
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      if (head.containsKey(DATA)) {
        packed.writeBytes(Attributes.bytes(head, DATA));
      }
      boolean whole = true;
      for (Key key : Head.of(head).keys(partition)) {
        Map<String, AttributeValue> piece = items.get(key);
        whole &= piece != null;
        packed.writeBytes(piece == null ? new byte[0] : Attributes.bytes(piece, DATA));
      }
      if (whole) {
        return packed.size() == 0 ? List.of() : unpack(packed.toByteArray());
      }
    }
    throw new RetryableFailureException(
        "open findings of '%s' were replaced %d times while they were read"
            .formatted(analysis, MAX_READS));
  }

  /** All items of a partition, in one query for each MB. */
  private Map<Key, Map<String, AttributeValue>> everything(String partition, Deadline deadline) {
    Map<Key, Map<String, AttributeValue>> items = new HashMap<>();
    table.query(
        query ->
            query
                .consistentRead(true)
                .keyConditionExpression("#partition = :partition")
                .expressionAttributeNames(Map.of("#partition", Attributes.PARTITION))
                .expressionAttributeValues(Map.of(":partition", Attributes.text(partition))),
        page -> {
          page.forEach(item -> items.put(Key.of(item), item));
          return true;
        },
        deadline);
    return items;
  }

  void replace(String analysis, List<AnalysisMark> marks, Deadline deadline) {
    String partition = PREFIX + analysis;
    Key headKey = new Key(partition, HEAD);
    Optional<Head> before =
        table.get(List.of(headKey), true, deadline).stream().map(Head::of).findFirst();
    byte[] packed = marks.isEmpty() ? new byte[0] : pack(marks);
    boolean fits = packed.length <= PIECE_BYTES;
    long number = before.map(Head::number).orElse(0L) + 1;
    Head after =
        new Head(
            number,
            number + "-" + Sha256.hex(Sha256.newDigest().digest(packed)).substring(0, HASH_DIGITS),
            fits ? 0 : (packed.length + PIECE_BYTES - 1) / PIECE_BYTES);

    AttributeValue ttl = Attributes.number(clock.instant().plus(retention).getEpochSecond());
    writeAll(analysis, pieces(after.keys(partition), packed, ttl), deadline);
    Map<String, AttributeValue> head = new HashMap<>(headKey.attributes());
    head.put(NUMBER, Attributes.number(after.number()));
    head.put(GENERATION, Attributes.text(after.generation()));
    head.put(PIECES, Attributes.number(after.pieces()));
    head.put(COUNT, Attributes.number(marks.size()));
    if (fits && packed.length > 0) {
      head.put(DATA, Attributes.bytes(packed));
    }
    head.put(Attributes.TTL, ttl);
    table.put(head, deadline);
    List<Key> old = new ArrayList<>(before.map(known -> known.keys(partition)).orElse(List.of()));
    writeAll(analysis, old.stream().map(Table::deleteRequest).toList(), deadline);
  }

  private static List<WriteRequest> pieces(List<Key> keys, byte[] packed, AttributeValue ttl) {
    List<WriteRequest> puts = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      int from = i * PIECE_BYTES;
      byte[] piece = Arrays.copyOfRange(packed, from, Math.min(packed.length, from + PIECE_BYTES));
      Map<String, AttributeValue> item = new HashMap<>(keys.get(i).attributes());
      item.put(DATA, Attributes.bytes(piece));
      item.put(Attributes.TTL, ttl);
      puts.add(Table.putRequest(item));
    }
    return puts;
  }

  private void writeAll(String analysis, List<WriteRequest> requests, Deadline deadline) {
    List<Table.Refusal> refusals = table.write(requests, deadline);
    if (!refusals.isEmpty()) {
      throw new RetryableFailureException(
          "open findings of '%s' could not be replaced: %s"
              .formatted(analysis, refusals.get(0).reason()));
    }
  }

  private static byte[] pack(List<AnalysisMark> marks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
      out.writeInt(marks.size());
      for (AnalysisMark mark : marks) {
        out.writeUTF(mark.seriesId());
        out.writeUTF(mark.storedDetector());
        Instant at = mark.at();
        out.writeLong(at.getEpochSecond());
        out.writeInt(at.getNano());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("open findings cannot be packed", e);
    }
    return bytes.toByteArray();
  }

  private static List<AnalysisMark> unpack(byte[] packed) {
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(packed)))) {
      int count = in.readInt();
      List<AnalysisMark> marks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        marks.add(
            AnalysisMark.stored(
                in.readUTF(), in.readUTF(), Instant.ofEpochSecond(in.readLong(), in.readInt())));
      }
      return marks;
    } catch (IOException e) {
      throw new UncheckedIOException("open findings in the table are damaged", e);
    }
  }
}
