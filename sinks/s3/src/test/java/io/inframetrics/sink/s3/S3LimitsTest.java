package io.inframetrics.sink.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.sink.s3.Bucket.ObjectHead;
import io.inframetrics.testkit.Deadlines;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.S3Request;
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
        .as("what every S3 takes as one object")
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
  void wantsABucket() {
    assertThatThrownBy(() -> S3Stores.over(BUCKET.client(), " ", TestBucket.calls(() -> {})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bucket");
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
