package io.inframetrics.sink.s3;

import static io.inframetrics.sink.s3.RawFiles.RIVAL;
import static io.inframetrics.sink.s3.RawFiles.RUN;
import static io.inframetrics.sink.s3.S3Limits.MIN_PART_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.aws.CallSettings;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.ProxiedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Writing a raw file while requests and answers are lost, refused or overtaken. */
class RawFileFaultsTest {

  @RegisterExtension static final TestBucket BUCKET = new TestBucket();

  private static final byte[] SMALL = "{}\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LARGE = RawFiles.content(MIN_PART_BYTES + 1);

  /** Everything that may happen to a request and heals. */
  private static final Map<String, Fault> HEALING = new LinkedHashMap<>();

  static {
    HEALING.put("cut before", Fault.CUT_BEFORE);
    HEALING.put("cut after", Fault.CUT_AFTER);
    HEALING.put("503", error(503, "SlowDown"));
    HEALING.put("409", error(409, "ConditionalRequestConflict"));
    HEALING.put("500 after", Fault.answerAfter(500, Map.of(), xml("InternalError")));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void storesTheFileOnceWhicheverRequestFails(boolean large) throws IOException {
    byte[] content = large ? LARGE : SMALL;
    FaultPlan healthy = FaultPlan.passing();
    RawFiles.store(BUCKET.through(healthy), RUN, content);
    assertThat(healthy.count()).isEqualTo(large ? 5 : 1);

    for (int failing = 1; failing <= healthy.count(); failing++) {
      for (Map.Entry<String, Fault> fault : HEALING.entrySet()) {
        BUCKET.renew();
        int number = failing;
        FaultPlan plan =
            FaultPlan.deciding(
                request -> request.number() == number ? fault.getValue() : Fault.PASS);
        S3Stores stores = BUCKET.through(plan);

        Commit commit = RawFiles.store(stores, RUN, content);

        String point = "request %d, %s".formatted(failing, fault.getKey());
        assertThat(commit).as(point).isEqualTo(new Commit(RawFiles.key(), true));
        assertThat(plan.count()).as(point).isBetween(2, healthy.count() + 2);
        assertThat(RawFiles.read(stores, RawFiles.key())).as(point).isEqualTo(content);
        assertThat(stores.rawMetricSource().list("raw-metrics/", Deadlines.never()))
            .as(point)
            .hasSize(1);
        // The answer to a creation that was lost named the upload: only the bucket's lifecycle
        // rule can remove it.
        boolean creationLost = large && failing == 2 && fault.getKey().endsWith("after");
        assertThat(BUCKET.openUploads()).as(point).isEqualTo(creationLost ? 1 : 0);
      }
    }
  }

  @Test
  void countsAsCreatedWhatItsOwnLostRequestStored() throws IOException {
    FaultPlan plan = first(isOperation("PutObject"), Fault.CUT_AFTER);

    assertThat(RawFiles.store(BUCKET.through(plan), RUN, SMALL).created()).isTrue();
    assertThat(TestBucket.operations(plan)).containsExactly("PutObject", "PutObject", "HeadObject");
  }

  @Test
  void countsAsCreatedWhatItsOwnLostCompletionStored() throws IOException {
    FaultPlan plan =
        first(
            isOperation("CompleteMultipartUpload"),
            Fault.answerAfter(404, Map.of(), xml("NoSuchUpload")));

    assertThat(RawFiles.store(BUCKET.through(plan), RUN, LARGE).created()).isTrue();
    assertThat(TestBucket.operations(plan)).contains("CompleteMultipartUpload", "HeadObject");
  }

  @Test
  void letsTheFirstStandWhenTwoTriesOfARunCompleteTheirPartsAtOnce() throws IOException {
    byte[] other = RawFiles.content(MIN_PART_BYTES + 7);
    FaultPlan plan = before("CompleteMultipartUpload", () -> store(RUN, other));

    assertThat(RawFiles.store(BUCKET.through(plan), RUN, LARGE))
        .isEqualTo(new Commit(RawFiles.key(), false));
    assertThat(RawFiles.read(BUCKET.stores(), RawFiles.key())).isEqualTo(other);
    assertThat(BUCKET.openUploads()).isZero();
  }

  @Test
  void leavesTheKeyToARivalThatWasQuickerAndTakesTheNextAtTheNextTry() throws IOException {
    FaultPlan plan = before("CompleteMultipartUpload", () -> store(RIVAL, SMALL));
    S3Stores stores = BUCKET.through(plan);

    assertThatThrownBy(() -> RawFiles.store(stores, RUN, LARGE))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("another run took the key");
    assertThat(BUCKET.openUploads()).isZero();

    assertThat(RawFiles.store(stores, RUN, LARGE))
        .isEqualTo(new Commit(RawFiles.keys(RUN).get(1), true));
    assertThat(RawFiles.read(stores, RawFiles.key())).isEqualTo(SMALL);
  }

  @Test
  void asksForAnotherTryWhenAConflictCostTheUpload() throws IOException {
    AtomicBoolean done = new AtomicBoolean();
    FaultPlan plan =
        FaultPlan.deciding(
            request -> {
              if (!isOperation("CompleteMultipartUpload").test(request) || done.getAndSet(true)) {
                return Fault.PASS;
              }
              abortAll();
              return error(409, "ConditionalRequestConflict");
            });
    S3Stores stores = BUCKET.through(plan);

    assertThatThrownBy(() -> RawFiles.store(stores, RUN, LARGE))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("aborted the upload");
    assertThat(stores.rawMetricSource().open(RawFiles.key(), Deadlines.never())).isEmpty();
    assertThat(RawFiles.store(stores, RUN, LARGE)).isEqualTo(new Commit(RawFiles.key(), true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "HeadObject"})
  void showsNothingOfALargeFileThatCouldNotBeStored(String operation) throws IOException {
    FaultPlan plan =
        FaultPlan.deciding(
            request -> isOperation(operation).test(request) ? error(503, "SlowDown") : Fault.PASS);
    S3Stores stores = BUCKET.through(plan);

    assertThatThrownBy(() -> RawFiles.store(stores, RUN, LARGE))
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(RetryableFailureException.class),
            e -> assertThat(e.getCause()).isInstanceOf(RetryableFailureException.class))
        .hasMessageContaining("s3:" + operation);
    assertThat(BUCKET.stores().rawMetricSource().list("raw-metrics/", Deadlines.never())).isEmpty();
    assertThat(BUCKET.openUploads()).isZero();
  }

  @Test
  void commitsNothingOfAFileOfWhichAPartIsMissing() throws IOException {
    FaultPlan plan = FaultPlan.passing();
    S3Stores stores = BUCKET.through(plan);
    try (StagedObject<Commit> staged =
        stores.rawMetricSink().open(RawFiles.spec(RUN), Deadlines.never())) {
      plan.decide(
          request -> isOperation("UploadPart").test(request) ? error(503, "SlowDown") : Fault.PASS);
      assertThatThrownBy(() -> staged.body().write(LARGE)).isInstanceOf(IOException.class);
      plan.decide(request -> Fault.PASS);

      assertThatThrownBy(() -> staged.body().write(LARGE)).isInstanceOf(IOException.class);
      assertThatThrownBy(staged::commit).isInstanceOf(RetryableFailureException.class);
    }
    assertThat(stores.rawMetricSource().list("raw-metrics/", Deadlines.never())).isEmpty();
    assertThat(BUCKET.openUploads()).isZero();
  }

  @Test
  void givesUpWhenItsTriesAreUsedUp() throws IOException {
    FaultPlan plan = FaultPlan.deciding(request -> error(503, "SlowDown"));

    assertThatThrownBy(() -> RawFiles.store(BUCKET.through(plan), RUN, SMALL))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("s3:PutObject");
    assertThat(plan.count()).isEqualTo(CallSettings.DEFAULTS.maxAttempts());
    assertThat(BUCKET.stores().rawMetricSource().list("raw-metrics/", Deadlines.never())).isEmpty();
  }

  @Test
  void saysWhichPermissionIsMissing() throws IOException {
    FaultPlan plan = FaultPlan.deciding(request -> error(403, "AccessDenied"));
    S3Stores stores = BUCKET.through(plan);
    String bucket = BUCKET.name();

    assertThatThrownBy(() -> RawFiles.store(stores, RUN, SMALL))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "S3 rejected s3:PutObject of '%s' in bucket '%s' (403 AccessDenied): allow the role"
                + " s3:PutObject on arn:aws:s3:::%s/*",
            RawFiles.key(), bucket, bucket);
    assertThatThrownBy(() -> stores.rawMetricSource().list("raw-metrics/", Deadlines.never()))
        .hasMessageContaining("allow the role s3:ListBucket on arn:aws:s3:::" + bucket);
    assertThatThrownBy(() -> stores.rawMetricSource().open("raw-metrics/x", Deadlines.never()))
        .hasMessageContaining("s3:GetObject on arn:aws:s3:::%s/*, and s3:ListBucket on", bucket);
    assertThatThrownBy(() -> stores.documentStore().move("a", "b", Deadlines.never()))
        .hasMessageContaining("s3:GetObject and s3:PutObject on arn:aws:s3:::%s/*", bucket);
    assertThat(plan.count()).as("no request is retried").isEqualTo(4);
  }

  @Test
  void saysThatTheBucketIsMissing() throws IOException {
    S3Client s3 = BUCKET.clientThrough(FaultPlan.passing());
    S3Stores stores = S3Stores.over(s3, "no-such-bucket", TestBucket.calls(() -> {}));

    for (String operation : List.of("s3:PutObject", "s3:GetObject", "s3:ListObjectsV2")) {
      assertThatThrownBy(
              () -> {
                switch (operation) {
                  case "s3:PutObject" -> RawFiles.store(stores, RUN, SMALL);
                  case "s3:GetObject" -> RawFiles.read(stores, RawFiles.key());
                  default -> stores.documentStore().list("reports/", Deadlines.never());
                }
              })
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(operation)
          .hasMessageContaining("'no-such-bucket'")
          .hasMessageContaining("create the bucket or correct its name");
    }
  }

  private static void store(CollectionRun run, byte[] content) {
    try {
      RawFiles.store(BUCKET.stores(), run, content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void abortAll() {
    BUCKET
        .client()
        .listMultipartUploads(request -> request.bucket(BUCKET.name()))
        .uploads()
        .forEach(
            upload ->
                BUCKET
                    .client()
                    .abortMultipartUpload(
                        request ->
                            request
                                .bucket(BUCKET.name())
                                .key(upload.key())
                                .uploadId(upload.uploadId())));
  }

  private static Predicate<ProxiedRequest> isOperation(String operation) {
    return request -> TestBucket.operation(request).equals(operation);
  }

  private static FaultPlan first(Predicate<ProxiedRequest> which, Fault fault) {
    AtomicBoolean done = new AtomicBoolean();
    return FaultPlan.deciding(
        request -> which.test(request) && !done.getAndSet(true) ? fault : Fault.PASS);
  }

  /** Lets something happen, once, just before an operation reaches the server. */
  private static FaultPlan before(String operation, Runnable event) {
    AtomicBoolean done = new AtomicBoolean();
    return FaultPlan.deciding(
        request -> {
          if (isOperation(operation).test(request) && !done.getAndSet(true)) {
            event.run();
          }
          return Fault.PASS;
        });
  }

  private static Fault error(int status, String code) {
    return Fault.answer(status, Map.of("Content-Type", "application/xml"), xml(code));
  }

  private static byte[] xml(String code) {
    return "<Error><Code>%s</Code><Message>told to</Message></Error>"
        .formatted(code)
        .getBytes(StandardCharsets.UTF_8);
  }
}
