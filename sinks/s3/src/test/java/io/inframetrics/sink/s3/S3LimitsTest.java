package io.inframetrics.sink.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.sink.s3.Bucket.ObjectHead;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

class S3LimitsTest {

  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;

  @RegisterExtension static final TestBucket BUCKET = new TestBucket();

  @Test
  void makesObjectsAsLargeAsIsWritten() {
    assertThat(S3Limits.maxObjectBytes(S3Stores.DEFAULT_PART_BYTES)).isEqualTo(78 * GIB + GIB / 8);
    assertThat(S3Limits.maxObjectBytes(64 << 20)).isEqualTo(625 * GIB);
    assertThat(S3Limits.maxObjectBytes(S3Limits.MAX_PART_BYTES))
        .as("below every size limit of S3")
        .isEqualTo(5_000 * GIB)
        .isLessThanOrEqualTo(5 * TIB);
  }

  @Test
  void takesPartsFromTheSmallestToTheLargestAndNoOthers() {
    S3Stores stores = BUCKET.stores();

    assertThatCode(() -> stores.withPartBytes(S3Limits.MIN_PART_BYTES)).doesNotThrowAnyException();
    assertThatCode(() -> stores.withPartBytes(S3Limits.MAX_PART_BYTES)).doesNotThrowAnyException();
    for (int bytes : new int[] {S3Limits.MIN_PART_BYTES - 1, S3Limits.MAX_PART_BYTES + 1}) {
      assertThatThrownBy(() -> stores.withPartBytes(bytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("parts of %d bytes are not possible: use 5242880 to 536870912", bytes);
    }
  }

  @Test
  void takesTenThousandPartsAndNotOneMore() {
    Uploads s3 = new Uploads();
    PartUpload upload =
        PartUpload.start(
            new Bucket(s3, BUCKET.name(), TestBucket.calls(() -> {})),
            "key",
            new ObjectHead("text/plain", Map.of()),
            Deadlines.never());
    PartBuffer part = new PartBuffer(1);
    part.append(new byte[1], 0, 1);

    for (int i = 0; i < S3Limits.MAX_PARTS; i++) {
      upload.add(part);
    }

    assertThatThrownBy(() -> upload.add(part))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'key' has more than 10000 parts")
        .hasMessageContaining("use larger parts");
    assertThat(s3.parts).hasValue(10_000);
  }

  @Test
  void givesABodyASecondForEachMebibyteWithinTheDeadline() {
    AwsRequestOverrideConfiguration limits =
        AwsRequestOverrideConfiguration.builder().apiCallTimeout(Duration.ofSeconds(10)).build();
    Deadline soon = Deadline.after(Duration.ofSeconds(60), ManualClock.at(Instant.EPOCH));

    assertThat(Bucket.withTimeFor(8 << 20, limits, soon).apiCallTimeout())
        .contains(Duration.ofSeconds(18));
    assertThat(Bucket.withTimeFor(S3Limits.MAX_PART_BYTES, limits, soon).apiCallTimeout())
        .contains(Duration.ofSeconds(60));
    assertThat(Bucket.withTimeFor(0, limits, soon)).isSameAs(limits);
    assertThat(Bucket.untilDeadline(limits, soon).apiCallTimeout())
        .contains(Duration.ofSeconds(60));
    assertThat(Bucket.untilDeadline(limits, Deadlines.passed())).isSameAs(limits);
  }

  @Test
  void uploadsAndCopiesWithThatTime() throws IOException {
    Timeouts s3 = new Timeouts();
    S3Stores stores = BUCKET.stores(s3, TestBucket.calls(() -> {}));
    RawFiles.store(stores, RawFiles.RUN, RawFiles.content(S3Limits.MIN_PART_BYTES));
    RawFiles.store(stores, RawFiles.RIVAL, RawFiles.content(S3Limits.MIN_PART_BYTES + 1));
    stores.documentStore().move(RawFiles.key(), "quarantine/replayed/x", Deadlines.never());

    assertThat(s3.of(PutObjectRequest.class)).isEqualTo(Duration.ofSeconds(15));
    assertThat(s3.of(UploadPartRequest.class)).isEqualTo(Duration.ofSeconds(15));
    assertThat(s3.of(CopyObjectRequest.class)).isEqualTo(Deadlines.never().remaining());
    assertThat(s3.of(CompleteMultipartUploadRequest.class))
        .isEqualTo(Deadlines.never().remaining());
    assertThat(s3.of(HeadObjectRequest.class)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void wantsABucket() {
    assertThatThrownBy(() -> S3Stores.over(BUCKET.client(), " ", TestBucket.calls(() -> {})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bucket");
  }

  /** Remembers the longest time that a request of a kind might take. */
  private static final class Timeouts extends DelegatingS3Client {
    private final Map<Class<?>, Duration> times = new HashMap<>();

    Timeouts() {
      super(BUCKET.client());
    }

    Duration of(Class<? extends S3Request> request) {
      return times.get(request);
    }

    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
      times.merge(
          request.getClass(),
          request.overrideConfiguration().orElseThrow().apiCallTimeout().orElseThrow(),
          (a, b) -> a.compareTo(b) > 0 ? a : b);
      return operation.apply(request);
    }
  }

  /** Takes parts without looking at them: ten thousand requests would take long. */
  private static final class Uploads extends DelegatingS3Client {
    private final AtomicInteger parts = new AtomicInteger();

    Uploads() {
      super(BUCKET.client());
    }

    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
      @SuppressWarnings("unchecked") // the answer that belongs to the request
      R answer =
          (R)
              (request instanceof CreateMultipartUploadRequest
                  ? CreateMultipartUploadResponse.builder().uploadId("upload").build()
                  : UploadPartResponse.builder().eTag("etag").build());
      if (answer instanceof UploadPartResponse) {
        parts.incrementAndGet();
      }
      return answer;
    }
  }
}
