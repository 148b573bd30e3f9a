package io.inframetrics.sink.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.FaultPlan;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Reading objects, whatever others put there and however the connection fares. */
class ReadingTest {

  @RegisterExtension static final TestBucket BUCKET = new TestBucket();

  private static final byte[] CONTENT = RawFiles.content(1 << 20);

  @Test
  void goesOnWhereAConnectionBroke() throws IOException {
    put(RawFiles.key(), CONTENT, Map.of());
    FaultPlan plan = FaultPlan.endingAtByte(300_000);
    AtomicInteger waits = new AtomicInteger();
    S3Stores stores =
        BUCKET.through(
            plan,
            () -> {
              waits.incrementAndGet();
              plan.restore();
            });

    assertThat(RawFiles.read(stores, RawFiles.key())).isEqualTo(CONTENT);
    assertThat(waits).as("the connection broke, and so did the next").hasValue(1);
  }

  @Test
  void goesOnByteByByteAndAfterAnEndThatCameTooEarly() throws IOException {
    put(RawFiles.key(), CONTENT, Map.of());
    Breaking s3 = new Breaking(50_001, in -> InputStream.nullInputStream());

    byte[] read = new byte[CONTENT.length];
    try (InputStream body = open(s3).body()) {
      for (int i = 0; i < read.length; i++) {
        read[i] = (byte) body.read();
      }
      assertThat(body.read()).isEqualTo(-1);
      assertThat(body.read()).isEqualTo(-1);
    }
    assertThat(read).isEqualTo(CONTENT);
    assertThat(s3.gets).hasValue(CONTENT.length / 50_001 + 1);
  }

  @Test
  void givesUpWhenConnectionsBringNothing() throws IOException {
    put(RawFiles.key(), CONTENT, Map.of());
    Breaking s3 = new Breaking(0, Failing::new);

    try (StoredObject object = open(s3)) {
      assertThatThrownBy(() -> object.body().read())
          .isInstanceOf(RetryableFailureException.class)
          .hasMessageContaining("'%s' in bucket '%s'", RawFiles.key(), BUCKET.name())
          .hasMessageContaining("byte 0 of " + CONTENT.length)
          .hasRootCauseMessage("broken");
    }
    assertThat(s3.gets).hasValue(1 + ResumingBody.MAX_FRUITLESS);
  }

  @Test
  void doesNotMixTwoObjects() throws IOException {
    put(RawFiles.key(), CONTENT, Map.of());
    Breaking s3 = new Breaking(1_000, Failing::new);

    try (StoredObject object = open(s3)) {
      assertThat(object.body().readNBytes(1_000)).hasSize(1_000);
      put(RawFiles.key(), RawFiles.content(1 << 19), Map.of());

      assertThatThrownBy(() -> object.body().read())
          .isInstanceOf(RetryableFailureException.class)
          .hasMessageContaining("was replaced or deleted while it was read");
    }
  }

  /** The whole of it is compared, however many connections brought it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handsOutNoContentThatIsNotWhatWasStored(boolean resumed) throws IOException {
    put(RawFiles.key(), CONTENT, Map.of());
    AtomicInteger connections = new AtomicInteger(resumed ? 0 : 1);
    Breaking s3 =
        new Breaking(
            50_001,
            in ->
                connections.getAndIncrement() == 0
                    ? InputStream.nullInputStream()
                    : new Changing(in));

    try (StoredObject object = open(s3)) {
      assertThatThrownBy(() -> object.body().readNBytes(CONTENT.length))
          .isInstanceOf(RetryableFailureException.class)
          .hasMessage(
              "object '%s' in bucket '%s' did not arrive as it was stored: its checksum differs",
              RawFiles.key(), BUCKET.name());
    }
    assertThat(s3.gets).hasValue(resumed ? 2 : 1);
  }

  @Test
  void readsNothingMoreThanIsAskedForWhenClosedEarly() throws IOException {
    put(RawFiles.key(), RawFiles.content(32 << 20), Map.of());
    FaultPlan plan = FaultPlan.countingBytes();
    S3Stores stores = BUCKET.through(plan);

    try (StoredObject object =
        stores.rawMetricSource().open(RawFiles.key(), Deadlines.never()).orElseThrow()) {
      assertThat(object.body().readNBytes(1_000)).hasSize(1_000);
    }

    assertThat(plan.bytes()).as("at most what fills the sockets' buffers").isLessThan(16 << 20);
  }

  @Test
  void refusesToBeReadAfterItsEnd() throws IOException {
    put(RawFiles.key(), CONTENT, Map.of());
    StoredObject object = open(BUCKET.client());

    object.close();
    object.close();

    assertThatThrownBy(() -> object.body().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void readsFilesThatSayNothingOfTheirOrigin() {
    put("raw-metrics/theirs.json", CONTENT, Map.of());
    put(
        "raw-metrics/odd.json",
        CONTENT,
        Map.of("run-id", "x".repeat(129), "window-start", "yesterday", "mtime", "1"));

    for (String key : List.of("raw-metrics/theirs.json", "raw-metrics/odd.json")) {
      try (StoredObject object =
          BUCKET.stores().rawMetricSource().open(key, Deadlines.never()).orElseThrow()) {
        assertThat(object.runId()).as(key).isNull();
        assertThat(object.windowStart()).as(key).isNull();
      }
    }
  }

  @Test
  void listsMoreKeysThanOnePageHolds() throws IOException {
    FaultPlan plan = FaultPlan.passing();
    S3Stores stores = BUCKET.through(plan);
    for (int i = 0; i < 1_001; i++) {
      put("raw-metrics/2026/02/19/a+b %d.json".formatted(i), new byte[0], Map.of());
    }
    put("raw-metrics/2026/02/18/x.json", new byte[0], Map.of());

    List<String> keys = stores.rawMetricSource().list("raw-metrics/2026/02/19/", Deadlines.never());

    assertThat(keys).hasSize(1_001).isSorted().contains("raw-metrics/2026/02/19/a+b 1000.json");
    assertThat(TestBucket.operations(plan)).containsExactly("ListObjectsV2", "ListObjectsV2");
    assertThat(plan.requests()).allMatch(r -> r.path().contains("prefix=raw-metrics%2F2026%2F02"));
  }

  @Test
  void sortsKeysAsJavaDoesWhateverTheServersOrder() {
    List<String> keys = List.of("reports/\uD83D\uDE80", "reports/\uFF5E", "reports/z");
    keys.forEach(key -> put(key, new byte[0], Map.of()));

    assertThat(BUCKET.stores().documentStore().list("reports/", Deadlines.never()))
        .containsExactly("reports/z", "reports/\uD83D\uDE80", "reports/\uFF5E");
  }

  @Test
  void neverListsTheWholeBucket() {
    assertThatThrownBy(() -> BUCKET.stores().rawMetricSource().list("", Deadlines.never()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give a prefix");
  }

  @Test
  void keepsTheTypeOfWhatIsReported() throws IOException {
    for (String key :
        List.of(
            "reports/2026/r.json",
            "reports/2026/r.html",
            "quarantine/raw-metrics/a.json",
            "quarantine/raw-metrics/a.json.reasons.json")) {
      try (var staged = BUCKET.stores().documentStore().create(key, Deadlines.never())) {
        staged.body().write('x');
        staged.commit();
      }
    }

    assertThat(contentType("reports/2026/r.json")).isEqualTo("application/json");
    assertThat(contentType("reports/2026/r.html"))
        .isEqualToIgnoringWhitespace("text/html; charset=utf-8");
    assertThat(contentType("quarantine/raw-metrics/a.json")).isEqualTo("application/x-ndjson");
    assertThat(contentType("quarantine/raw-metrics/a.json.reasons.json"))
        .isEqualTo("application/json");
  }

  @Test
  void keepsALargeReportWhole() throws IOException {
    byte[] large = RawFiles.content(S3Limits.MIN_PART_BYTES + 1);
    for (int round = 0; round < 2; round++) {
      try (var staged = BUCKET.stores().documentStore().create("reports/l", Deadlines.never())) {
        staged.body().write(large);
        assertThat(staged.commit()).isEqualTo("reports/l");
      }
    }

    assertThat(RawFiles.read(BUCKET.stores(), "reports/l")).isEqualTo(large);
    assertThat(BUCKET.openUploads()).isZero();
  }

  private static String contentType(String key) {
    return BUCKET
        .client()
        .headObject(request -> request.bucket(BUCKET.name()).key(key))
        .contentType();
  }

  private static void put(String key, byte[] content, Map<String, String> metadata) {
    BUCKET
        .client()
        .putObject(
            request -> request.bucket(BUCKET.name()).key(key).metadata(metadata),
            RequestBody.fromBytes(content));
  }

  private static StoredObject open(S3Client s3) {
    return BUCKET
        .stores(s3, TestBucket.calls(() -> {}))
        .rawMetricSource()
        .open(RawFiles.key(), Deadlines.never())
        .orElseThrow();
  }

  /** A client whose bodies break after so many bytes. */
  private static final class Breaking extends DelegatingS3Client {
    private final int bytes;
    private final UnaryOperator<InputStream> rest;
    private final AtomicInteger gets = new AtomicInteger();

    Breaking(int bytes, UnaryOperator<InputStream> rest) {
      super(BUCKET.client());
      this.bytes = bytes;
      this.rest = rest;
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getObject(GetObjectRequest request) {
      gets.incrementAndGet();
      ResponseInputStream<GetObjectResponse> whole =
          super.getObject(request, ResponseTransformer.toInputStream());
      try {
        InputStream first = new ByteArrayInputStream(whole.readNBytes(bytes));
        InputStream broken = new SequenceInputStream(first, rest.apply(whole));
        // The stand-in keeps no checksum of this object.
        String checksum = Bucket.base64(Sha256.newDigest().digest(CONTENT));
        return new ResponseInputStream<>(
            whole.response().toBuilder().checksumSHA256(checksum).build(),
            AbortableInputStream.create(broken, whole::abort));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Changes a bit of the first byte. */
  private static final class Changing extends FilterInputStream {

    private boolean changed;

    Changing(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      int read = super.read(bytes, offset, count);
      if (read > 0 && !changed) {
        bytes[offset] ^= 1;
        changed = true;
      }
      return read;
    }
  }

  private static final class Failing extends FilterInputStream {

    Failing(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      throw new IOException("broken");
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      throw new IOException("broken");
    }
  }
}
