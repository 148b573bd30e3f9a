package io.inframetrics.sink.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PartBufferTest {

  private static final int CAPACITY = 100_000;

  @Test
  void holdsAsMuchMemoryAsItIsGiven() {
    PartBuffer buffer = new PartBuffer(S3Stores.DEFAULT_PART_BYTES);
    assertThat(buffer.allocated()).isZero();

    buffer.append(new byte[3_000], 0, 3_000);

    assertThat(buffer.allocated()).isLessThanOrEqualTo(8_192);
  }

  @Test
  void neverHoldsMoreThanAPart() {
    PartBuffer buffer = new PartBuffer(CAPACITY);
    int added = 0;
    while (!buffer.isFull()) {
      added += buffer.append(new byte[777], 0, 777);
      assertThat(buffer.allocated()).isLessThanOrEqualTo(CAPACITY);
    }

    assertThat(added).isEqualTo(CAPACITY);
    assertThat(buffer.append(new byte[1], 0, 1)).isZero();
  }

  @Test
  void isUsedAgainForTheNextPart() throws IOException {
    PartBuffer buffer = new PartBuffer(CAPACITY);
    byte[] first = RawFiles.content(CAPACITY);
    byte[] second = RawFiles.content(10);
    buffer.append(first, 0, CAPACITY);
    assertThat(read(buffer)).isEqualTo(first);
    assertThat(read(buffer)).as("a request may be sent again").isEqualTo(first);

    buffer.clear();
    buffer.append(second, 0, 10);

    assertThat(buffer.allocated()).isEqualTo(CAPACITY);
    assertThat(read(buffer)).isEqualTo(second);
    buffer.release();
    assertThat(buffer.allocated()).isZero();
  }

  private static byte[] read(PartBuffer buffer) throws IOException {
    return buffer.body("text/plain").contentStreamProvider().newStream().readAllBytes();
  }
}
