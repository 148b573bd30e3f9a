package io.inframetrics.sink.s3;

import static io.inframetrics.sink.s3.RawFiles.RIVAL;
import static io.inframetrics.sink.s3.RawFiles.RUN;
import static io.inframetrics.sink.s3.S3Limits.MIN_PART_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.ProxiedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

/** Which requests a raw file costs, and what is in them. */
class RawFileCallsTest {

  @RegisterExtension static final TestBucket BUCKET = new TestBucket();

  private static final byte[] SMALL = "{}\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LARGE = RawFiles.content(MIN_PART_BYTES + 1);

  private final FaultPlan plan = FaultPlan.passing().keepingBodies();
  private S3Stores stores;

  @BeforeEach
  void listen() throws IOException {
    stores = BUCKET.through(plan);
  }

  @Test
  void storesAFileByOneRequestThatSaysAllOfIt() throws IOException {
    RawFiles.store(stores, RUN, SMALL);

    assertThat(TestBucket.operations(plan)).containsExactly("PutObject");
    ProxiedRequest put = plan.requests().get(0);
    assertThat(put.body()).as("no chunks, no trailer").isEqualTo(SMALL);
    assertThat(put.header("Content-Encoding")).isEmpty();
    assertThat(put.header("x-amz-trailer")).isEmpty();
    assertThat(put.header("If-None-Match")).hasValue("*");
    assertThat(put.header("Content-Type")).hasValue("application/x-ndjson");
    assertThat(put.header("x-amz-checksum-sha256"))
        .hasValue("yj0WO6sFU4GCciYUBWjzvvfqrBh869doeOC2Pp5EI1Y=");
    assertThat(put.header("x-amz-meta-content-sha256"))
        .hasValue("ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356");
    assertThat(put.header("x-amz-meta-run-id")).hasValue("run-1");
    assertThat(put.header("x-amz-meta-window-start")).hasValue("2026-02-19T08:27:43Z");
  }

  @Test
  void asksWhoseTheKeyIsWhenItIsTaken() throws IOException {
    RawFiles.store(BUCKET.stores(), RUN, SMALL);

    RawFiles.store(stores, RIVAL, SMALL);

    assertThat(TestBucket.operations(plan)).containsExactly("PutObject", "HeadObject", "PutObject");
  }

  @Test
  void letsTheFileOfTheFirstTryStand() throws IOException {
    RawFiles.store(BUCKET.stores(), RUN, SMALL);

    Commit second = RawFiles.store(stores, RUN, "{ }\n".getBytes(StandardCharsets.UTF_8));

    assertThat(second.created()).isFalse();
    assertThat(TestBucket.operations(plan)).containsExactly("PutObject", "HeadObject");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, MIN_PART_BYTES - 1, MIN_PART_BYTES})
  void storesWhatFitsIntoAPartByOneRequest(int bytes) throws IOException {
    Commit commit = RawFiles.store(stores, RUN, RawFiles.content(bytes));

    assertThat(commit).isEqualTo(new Commit(RawFiles.key(), true));
    assertThat(TestBucket.operations(plan)).containsExactly("PutObject");
    assertThat(RawFiles.read(BUCKET.stores(), RawFiles.key())).isEqualTo(RawFiles.content(bytes));
  }

  @ParameterizedTest
  @ValueSource(ints = {MIN_PART_BYTES + 1, 2 * MIN_PART_BYTES})
  void uploadsWhatIsLargerInParts(int bytes) throws IOException {
    Commit commit = RawFiles.store(stores, RUN, RawFiles.content(bytes));

    assertThat(commit).isEqualTo(new Commit(RawFiles.key(), true));
    assertThat(TestBucket.operations(plan))
        .containsExactly(
            "HeadObject",
            "CreateMultipartUpload",
            "UploadPart",
            "UploadPart",
            "CompleteMultipartUpload");
    assertThat(plan.requests())
        .filteredOn(request -> TestBucket.operation(request).equals("UploadPart"))
        .allMatch(part -> part.header("x-amz-checksum-sha256").isPresent());
    assertThat(plan.requests().get(4).header("If-None-Match")).hasValue("*");
    assertThat(RawFiles.read(BUCKET.stores(), RawFiles.key())).isEqualTo(RawFiles.content(bytes));
  }

  @Test
  void remembersTheOriginOfAFileInParts() throws IOException {
    RawFiles.store(stores, RUN, LARGE);

    assertThat(
            BUCKET
                .client()
                .headObject(request -> request.bucket(BUCKET.name()).key(RawFiles.key()))
                .metadata())
        .containsOnlyKeys(Origin.RUN_ID, Origin.WINDOW_START)
        .containsEntry(Origin.RUN_ID, "run-1");
  }

  @Test
  void uploadsNoPartOfAFileThatTheRunHasStoredBefore() throws IOException {
    RawFiles.store(BUCKET.stores(), RUN, SMALL);

    Commit second = RawFiles.store(stores, RUN, LARGE);

    assertThat(second).isEqualTo(new Commit(RawFiles.key(), false));
    assertThat(TestBucket.operations(plan)).containsExactly("HeadObject");
    assertThat(RawFiles.read(BUCKET.stores(), RawFiles.key())).isEqualTo(SMALL);
  }

  @Test
  void findsAFreeKeyBeforeItUploadsParts() throws IOException {
    RawFiles.store(BUCKET.stores(), RIVAL, SMALL);

    Commit commit = RawFiles.store(stores, RUN, LARGE);

    assertThat(commit).isEqualTo(new Commit(RawFiles.keys(RUN).get(1), true));
    assertThat(TestBucket.operations(plan))
        .startsWith("HeadObject", "HeadObject", "CreateMultipartUpload");
  }

  @Test
  void uploadsNoPartWhenOthersHoldEveryKey() {
    for (String key : RawFiles.keys(RUN)) {
      BUCKET
          .client()
          .putObject(
              request -> request.bucket(BUCKET.name()).key(key), RequestBody.fromString("theirs"));
    }

    assertThatThrownBy(() -> RawFiles.store(stores, RUN, LARGE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "run 'run-1' cannot store its raw file: other runs use %s and %s in bucket '%s'; give the run"
                + " another id",
            RawFiles.keys(RUN).get(0), RawFiles.keys(RUN).get(1), BUCKET.name());
    assertThat(TestBucket.operations(plan)).containsExactly("HeadObject", "HeadObject");
  }

  @Test
  void removesThePartsOfAFileThatIsAbandoned() throws IOException {
    try (StagedObject<Commit> staged =
        stores.rawMetricSink().open(RawFiles.spec(RUN), Deadlines.never())) {
      staged.body().write(LARGE);
      assertThat(BUCKET.openUploads()).isOne();
    }

    assertThat(TestBucket.operations(plan))
        .containsExactly(
            "HeadObject", "CreateMultipartUpload", "UploadPart", "AbortMultipartUpload");
    assertThat(BUCKET.openUploads()).isZero();
  }

  @Test
  void costsNothingWhenASmallFileIsAbandoned() throws IOException {
    try (StagedObject<Commit> staged =
        stores.rawMetricSink().open(RawFiles.spec(RUN), Deadlines.never())) {
      staged.body().write(SMALL);
    }

    assertThat(plan.requests()).isEmpty();
  }

  @Test
  void triesNothingAfterTheDeadline() throws IOException {
    try (StagedObject<Commit> staged =
        stores.rawMetricSink().open(RawFiles.spec(RUN), Deadlines.passed())) {
      staged.body().write(SMALL);

      assertThatThrownBy(staged::commit)
          .isInstanceOf(RetryableFailureException.class)
          .hasMessageContaining("s3:PutObject");
    }
    assertThat(plan.requests()).isEmpty();
  }

  @Test
  void takesNothingAfterItsEnd() throws IOException {
    StagedObject<Commit> staged =
        stores.rawMetricSink().open(RawFiles.spec(RUN), Deadlines.never());
    staged.body().write(SMALL);
    staged.commit();

    assertThatThrownBy(() -> staged.body().write(1)).isInstanceOf(IOException.class);
    assertThatThrownBy(staged::commit).isInstanceOf(IllegalStateException.class);
    staged.close();
    assertThat(RawFiles.read(BUCKET.stores(), RawFiles.key())).isEqualTo(SMALL);
  }

  @Test
  void keepsEveryPrintableRunIdApart() throws IOException {
    StringBuilder printable = new StringBuilder(" ");
    for (char c = ' '; c <= '~'; c++) {
      printable.append(c);
    }
    CollectionRun odd = new CollectionRun(printable + "  %20 ", RUN.observedAt());

    RawFiles.store(stores, odd, SMALL);

    assertThat(
            BUCKET
                .stores()
                .rawMetricSource()
                .open(RawFiles.key(), Deadlines.never())
                .orElseThrow()
                .runId())
        .isEqualTo(odd.runId());
    assertThat(RawFiles.store(stores, odd, LARGE)).isEqualTo(new Commit(RawFiles.key(), false));
    assertThat(RawFiles.store(stores, RUN, SMALL).key()).isNotEqualTo(RawFiles.key());
  }

  @Test
  void costsTwoRequestsToMoveAReportAndOneToFindItMoved() throws IOException {
    BUCKET
        .client()
        .putObject(
            request -> request.bucket(BUCKET.name()).key("quarantine/a b+c.json"),
            RequestBody.fromString("x"));

    stores
        .documentStore()
        .move("quarantine/a b+c.json", "quarantine/replayed/a b+c.json", Deadlines.never());
    assertThat(TestBucket.operations(plan)).containsExactly("CopyObject", "DeleteObject");
    stores
        .documentStore()
        .move("quarantine/a b+c.json", "quarantine/replayed/a b+c.json", Deadlines.never());

    assertThat(TestBucket.operations(plan).subList(2, 3)).isEqualTo(List.of("CopyObject"));
    assertThat(plan.count()).isEqualTo(3);
    assertThat(stores.documentStore().list("quarantine/", Deadlines.never()))
        .containsExactly("quarantine/replayed/a b+c.json");
  }
}
