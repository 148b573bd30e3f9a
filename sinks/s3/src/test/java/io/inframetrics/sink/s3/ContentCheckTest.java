package io.inframetrics.sink.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

class ContentCheckTest {

  /** The value that the definition of each checksum gives for these nine bytes. */
  @ParameterizedTest
  @CsvSource({
    "x-amz-checksum-sha256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    "x-amz-checksum-crc64nvme, ae8b14860a799888",
    "x-amz-checksum-crc32, cbf43926",
    "x-amz-checksum-crc32c, e3069283",
  })
  void comparesWithTheChecksumOfTheWhole(String header, String checksum) {
    GetObjectResponse object = object(header, base64(checksum));

    assertThat(passes(object, "1234", "56789")).isTrue();
    assertThat(passes(object, "1234", "56780")).isFalse();
    assertThat(passes(object, "1234", "5678")).isFalse();
  }

  @Test
  void passesWhatHasNone() {
    assertThat(passes(GetObjectResponse.builder().build(), "anything")).isTrue();
  }

  /** What was uploaded in parts has a checksum of their checksums. */
  @Test
  void passesWhatHasOnlyThatOfItsParts() {
    GetObjectResponse object = object("x-amz-checksum-sha256", base64("00".repeat(32)) + "-2");

    assertThat(passes(object, "anything")).isTrue();
  }

  private static GetObjectResponse object(String header, String checksum) {
    GetObjectResponse.Builder object = GetObjectResponse.builder();
    return switch (header) {
      case "x-amz-checksum-sha256" -> object.checksumSHA256(checksum).build();
      case "x-amz-checksum-crc64nvme" -> object.checksumCRC64NVME(checksum).build();
      case "x-amz-checksum-crc32" -> object.checksumCRC32(checksum).build();
      default -> object.checksumCRC32C(checksum).build();
    };
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  private static boolean passes(GetObjectResponse object, String... parts) {
    ContentCheck check = ContentCheck.of(object);
    for (String part : parts) {
      byte[] bytes = (" " + part).getBytes(US_ASCII);
      check.add(bytes, 1, bytes.length - 1);
    }
    return check.passes();
  }
}
