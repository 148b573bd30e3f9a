package io.inframetrics.sink.s3;

import io.inframetrics.naming.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Whether content is what was stored, by the checksum of the whole object. It passes if there is
 * none: S3 computes no more than a checksum of checksums of what was uploaded in parts.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">checking
 *     object integrity</a>
 */
interface ContentCheck {

  void add(byte[] bytes, int offset, int count);

  /** Asked once, after the last byte. */
  boolean passes();

  /** The check of an object that is being read from its beginning. */
  static ContentCheck of(GetObjectResponse object) {
    if (isOfWhole(object.checksumSHA256())) {
      return new Digested(object.checksumSHA256());
    }
    if (isOfWhole(object.checksumCRC64NVME())) {
      return new Summed(new Crc64Nvme(), Long.BYTES, object.checksumCRC64NVME());
    }
    if (isOfWhole(object.checksumCRC32())) {
      return new Summed(new CRC32(), Integer.BYTES, object.checksumCRC32());
    }
    if (isOfWhole(object.checksumCRC32C())) {
      return new Summed(new CRC32C(), Integer.BYTES, object.checksumCRC32C());
    }
    return new Unchecked();
  }

  /** A checksum of parts ends in a hyphen and their number. */
  private static boolean isOfWhole(@Nullable String checksum) {
    return checksum != null && checksum.indexOf('-') < 0;
  }

  /** Nothing to compare with. */
  record Unchecked() implements ContentCheck {

    @Override
    public void add(byte[] bytes, int offset, int count) {
      // It passes whatever it is.
    }

    @Override
    public boolean passes() {
      return true;
    }
  }

  /** By SHA-256, as this library stores objects. */
  final class Digested implements ContentCheck {

    private final MessageDigest digest = Sha256.newDigest();
    private final String expected;

    Digested(String expected) {
      this.expected = expected;
    }

    @Override
    public void add(byte[] bytes, int offset, int count) {
      digest.update(bytes, offset, count);
    }

    @Override
    public boolean passes() {
      return Base64.getEncoder().encodeToString(digest.digest()).equals(expected);
    }
  }

  /** By a CRC, as most other tools and S3 itself do. */
  record Summed(Checksum sum, int width, String expected) implements ContentCheck {

    @Override
    public void add(byte[] bytes, int offset, int count) {
      sum.update(bytes, offset, count);
    }

    @Override
    public boolean passes() {
      byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(sum.getValue()).array();
      ByteBuffer last = ByteBuffer.wrap(all, Long.BYTES - width, width).slice();
      return Base64.getEncoder().encodeToString(bytes(last)).equals(expected);
    }

    private static byte[] bytes(ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    }
  }

  /** CRC-64/NVME, which S3 computes of objects that come without a checksum. */
  final class Crc64Nvme implements Checksum {

    private static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;
    private static final long[] TABLE = table();

    private long crc = -1;

    private static long[] table() {
      long[] table = new long[1 << Byte.SIZE];
      for (int i = 0; i < table.length; i++) {
        long value = i;
        for (int bit = 0; bit < Byte.SIZE; bit++) {
          value = (value >>> 1) ^ ((value & 1) == 0 ? 0 : POLYNOMIAL);
        }
        table[i] = value;
      }
      return table;
    }

    @Override
    public void update(int b) {
      crc = TABLE[(int) (crc ^ b) & 0xff] ^ (crc >>> Byte.SIZE);
    }

    @Override
    public void update(byte[] bytes, int offset, int count) {
      for (int i = offset; i < offset + count; i++) {
        update(bytes[i]);
      }
    }

    @Override
    public long getValue() {
      return ~crc;
    }

    @Override
    public void reset() {
      crc = -1;
    }
  }
}
